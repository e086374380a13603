/**
 * Where everything that is built goes. `npm test` sets one of its own while it runs, so that a running console keeps its
 * files: so this is asked for each time, and not once when it is imported.
 */
export const buildDir = () => process.env.LATCHKEY_BUILD_DIR || "generated";
