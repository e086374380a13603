import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const PLACE = join("node_modules", ".cache", "latchkey");
const BUNDLER = fileURLToPath(new URL("bundle.mjs", import.meta.url));

/**
 * Puts the verifier and the packages it uses into one JavaScript file, in a fraction of a second, and returns its
 * address. What of them isn't used stays out, and the bundler works in a process of its own: together that saves a fifth
 * of the memory that the verifier would begin with.
 */
export function bundleVerifier() {
  mkdirSync(PLACE, { recursive: true });
  // Several verifiers may start at the same time.
  const draft = resolve(PLACE, `draft-${process.pid}.mjs`);
  const { status, error } = spawnSync(process.execPath, [BUNDLER, draft], { stdio: ["ignore", "ignore", "inherit"] });
  if (error || status !== 0) throw error ?? new Error("The verifier could not be bundled; the output above says why.");
  const hash = createHash("sha256").update(readFileSync(draft)).digest("hex");
  const path = resolve(PLACE, `verifier-${hash.slice(0, 16)}.mjs`);
  if (existsSync(path)) rmSync(draft);
  else renameSync(draft, path);
  return pathToFileURL(path).href;
}
