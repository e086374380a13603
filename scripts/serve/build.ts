import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { StartError } from "../start-error.ts";

/** What `next build` reads; tests beside the code change nothing in it. */
const BUILD_INPUTS = [
  "app",
  "components",
  "config",
  "lib",
  "public",
  "next.config.ts",
  "package-lock.json",
  "postcss.config.mjs",
  "prisma/schema.prisma",
  "tsconfig.json",
];

/** Builds the console for production unless the last build was of just these sources. */
export async function buildUnlessCurrent(stop?: AbortSignal): Promise<void> {
  const fingerprintFile = join(process.env.LATCHKEY_DIST_DIR || ".next", "latchkey-fingerprint");
  const fingerprint = fingerprintOf(BUILD_INPUTS);
  if (existsSync(fingerprintFile) && readFileSync(fingerprintFile, "utf8") === fingerprint) return;
  rmSync(fingerprintFile, { force: true });
  await runBuild(stop);
  writeFileSync(fingerprintFile, fingerprint);
}

/** A hash over names and contents: times of change say nothing after a clone or a restore. */
export function fingerprintOf(inputs: string[]): string {
  const hash = createHash("sha256");
  for (const path of inputs.flatMap(listFiles).sort()) {
    hash.update(`${path}\0`).update(readFileSync(path)).update("\0");
  }
  return hash.digest("hex");
}

function listFiles(path: string): string[] {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return /\.test\.tsx?$/.test(path) ? [] : [path];
  return readdirSync(path).flatMap((name) => listFiles(join(path, name)));
}

/** Its output only matters when it fails. */
async function runBuild(stop: AbortSignal | undefined): Promise<void> {
  const build = spawn(process.execPath, ["node_modules/next/dist/bin/next", "build"], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
    signal: stop,
  });
  let output = "";
  for (const stream of [build.stdout, build.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const exitCode = await new Promise((resolve, reject) => build.once("error", reject).once("close", resolve));
  if (exitCode === 0) return;
  console.error(output);
  throw new StartError("The console could not be built; the output above says why.");
}
