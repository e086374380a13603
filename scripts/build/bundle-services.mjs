import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { buildDir } from "./build-dir.mjs";
import { fingerprintOf } from "./fingerprint.mjs";

const BUNDLER = fileURLToPath(new URL("bundle.mjs", import.meta.url));

const INPUTS = ["lib", "package-lock.json", "prisma/schema.prisma", "scripts", "server", "tsconfig.json", "verifier"];

/** The commands that run as plain JavaScript, without a compiler. */
export const SERVICES = ["start", "verifier"];

/**
 * Bundles the services unless the last bundle is of the same sources, and returns the URL of one. The bundler runs in
 * its own process, so that its memory doesn't stay with the service.
 */
export function bundleServices(service) {
  const folder = join(buildDir(), "services");
  const fingerprint = fingerprintOf(INPUTS).slice(0, 16);
  const built = resolve(folder, fingerprint);
  if (!existsSync(built)) bundle(folder, fingerprint, built);
  return pathToFileURL(join(built, `${service}.mjs`)).href;
}

/** Writes to a draft first, because several verifiers can start at the same time. */
function bundle(folder, fingerprint, built) {
  const draft = resolve(folder, `draft-${process.pid}`);
  makeDraft(draft);
  const { status, error } = spawnSync(process.execPath, [BUNDLER, draft], { stdio: ["ignore", "ignore", "inherit"] });
  if (error || status !== 0) throw error ?? new Error("The services could not be bundled; the output above says why.");
  try {
    renameSync(draft, built);
  } catch (problem) {
    rmSync(draft, { recursive: true });
    if (!existsSync(built)) throw problem;
  }
  for (const name of readdirSync(folder)) {
    if (name !== fingerprint && !name.startsWith("draft-")) rmSync(join(folder, name), { recursive: true });
  }
}

/** Creates the draft; the folder around it may exist from an earlier build and belong to another user. */
function makeDraft(draft) {
  try {
    mkdirSync(draft, { recursive: true });
  } catch ({ code }) {
    console.error(
      `✗ The build is missing or outdated, and this user can't write to ${dirname(draft)} (${code}): ` +
        "run `npm run build` as the user who owns these files.",
    );
    process.exit(1);
  }
}
