/** Where everything that is built goes. `npm test` has one of its own, so that a running console keeps its files. */
export const BUILD_DIR = process.env.LATCHKEY_BUILD_DIR || "generated";
