import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { StartError } from "../../../scripts/start-error.ts";

/** The load generator: an installed one, or (as root on Debian and derivatives) the distribution's. */
export function findWrk(): string {
  const path = installed() ?? fromDistribution();
  if (path) return path;
  throw new StartError(
    "There is no wrk to make load with: install it (Debian: apt-get install wrk, macOS: brew install wrk).",
  );
}

function installed(): string | undefined {
  const directories = (process.env.PATH ?? "").split(delimiter);
  return directories.map((directory) => join(directory, "wrk")).find((path) => existsSync(path));
}

function fromDistribution(): string | undefined {
  if (process.getuid?.() !== 0) return undefined;
  try {
    execFileSync("apt-get", ["update", "-qq"], { stdio: "ignore" });
    execFileSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "wrk"], { stdio: "ignore" });
  } catch {
    // Another system, or no network: the caller says what to do.
  }
  return installed();
}
