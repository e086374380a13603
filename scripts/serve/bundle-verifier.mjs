import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const PLACE = join("node_modules", ".cache", "latchkey");

/**
 * Puts the verifier and all it takes from this repository into one JavaScript file, in a fraction
 * of a second, and returns its address. Packages stay outside, as they are installed.
 */
export async function bundleVerifier() {
  const { buildSync } = await import("esbuild");
  const { outputFiles } = buildSync({
    entryPoints: ["scripts/verifier.ts"],
    bundle: true,
    write: false,
    platform: "node",
    format: "esm",
    target: "node20",
    packages: "external",
    logLevel: "error",
  });
  const [{ contents }] = outputFiles;
  const name = `verifier-${createHash("sha256").update(contents).digest("hex").slice(0, 16)}.mjs`;
  const path = resolve(PLACE, name);
  if (!existsSync(path)) writeAtOnce(path, contents);
  return pathToFileURL(path).href;
}

/** Several verifiers may start at the same time. */
function writeAtOnce(path, contents) {
  mkdirSync(PLACE, { recursive: true });
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, contents);
  renameSync(draft, path);
}
