import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { StartError } from "../start-error.ts";
import { buildDir } from "./build-dir.mjs";
import { fingerprintOf } from "./fingerprint.mjs";

/** What `next build` reads. */
const INPUTS = [
  "app",
  "components",
  "config",
  "lib",
  "public",
  "next.config.mjs",
  "package-lock.json",
  "postcss.config.mjs",
  "prisma/schema.prisma",
  "scripts/build/build-console.ts",
  "tsconfig.json",
];

/**
 * Next derives the ids of server actions from this key at build time, and a page calls them by id: with the same key,
 * consoles that were built apart understand each other's pages. It encrypts nothing here; what encrypts is set from
 * AUTH_SECRET when the console starts.
 */
export const ACTION_IDS_KEY = createHash("sha256").update("latchkey: ids of server actions").digest("base64");

/** Builds the console for production unless the last build was of just these sources. Throws {@link StartError}. */
export async function buildConsoleUnlessCurrent(stop?: AbortSignal): Promise<void> {
  const fingerprintFile = join(buildDir(), "console-fingerprint");
  const fingerprint = fingerprintOf(INPUTS);
  if (existsSync(fingerprintFile) && readFileSync(fingerprintFile, "utf8") === fingerprint) return;
  discard(fingerprintFile);
  await runBuild(stop);
  writeFileSync(fingerprintFile, fingerprint);
}

/** Also finds out, before the long work, whether this user may write where the build goes. */
function discard(fingerprintFile: string): void {
  try {
    mkdirSync(buildDir(), { recursive: true });
    writeFileSync(fingerprintFile, "");
    rmSync(fingerprintFile);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new StartError(
      `There is no current build of the console, and this user may not write one to ${resolve(buildDir())} (${code}): ` +
        "run `npm run build` as the user who owns these files.",
    );
  }
}

/** Its output only matters when it fails. */
async function runBuild(stop: AbortSignal | undefined): Promise<void> {
  const build = spawn(process.execPath, ["node_modules/next/dist/bin/next", "build"], {
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      NODE_ENV: "production",
      NEXT_TELEMETRY_DISABLED: "1",
      NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: ACTION_IDS_KEY,
      // Pools are made when modules are loaded, also by a build, which connects to nothing.
      DATABASE_URL: "postgresql://localhost/none",
    },
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
