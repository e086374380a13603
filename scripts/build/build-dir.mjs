/**
 * The directory for all build output. Read on each call, because `npm test` sets its own while it runs, so that a
 * running console keeps its files.
 */
export const buildDir = () => process.env.LATCHKEY_BUILD_DIR || "generated";
