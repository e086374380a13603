import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { StartError } from "../start-error.ts";
import { buildDir } from "./build-dir.mjs";
import { fingerprintOf } from "./fingerprint.mjs";

/** The inputs of `next build`. */
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
 * Next derives the IDs of server actions from this key at build time, and pages call actions by ID. With a constant
 * key, separately built consoles understand each other's pages. It encrypts nothing; the encryption key is derived from
 * AUTH_SECRET at start.
 */
export const ACTION_IDS_KEY = createHash("sha256").update("latchkey: ids of server actions").digest("base64");

/** Builds the console for production unless the last build is of the same sources. Throws {@link StartError}. */
export async function buildConsoleUnlessCurrent(stop?: AbortSignal): Promise<void> {
  const fingerprintFile = join(buildDir(), "console-fingerprint");
  const fingerprint = fingerprintOf(INPUTS);
  if (existsSync(fingerprintFile) && readFileSync(fingerprintFile, "utf8") === fingerprint) return;
  discard(fingerprintFile);
  await runBuild(stop);
  writeFileSync(fingerprintFile, fingerprint);
}

/** Also reveals, before the long build, whether this user can write to the build directory. */
function discard(fingerprintFile: string): void {
  try {
    mkdirSync(buildDir(), { recursive: true });
    writeFileSync(fingerprintFile, "");
    rmSync(fingerprintFile);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new StartError(
      `The console's build is missing or outdated, and this user can't write to ${resolve(buildDir())} (${code}): ` +
        "run `npm run build` as the user who owns these files.",
    );
  }
}

/** Prints the output only on failure. */
async function runBuild(stop: AbortSignal | undefined): Promise<void> {
  const build = spawn(process.execPath, ["node_modules/next/dist/bin/next", "build"], {
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      NODE_ENV: "production",
      NEXT_TELEMETRY_DISABLED: "1",
      NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: ACTION_IDS_KEY,
      // Modules create pools when they are loaded, even during a build, which doesn't connect.
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
