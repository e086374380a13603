import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { StartError } from "../../../scripts/start-error.ts";
import type { CleanUp } from "../../workplace.ts";

export type ProcessToStart = {
  name: string;
  args: string[];
  cwd: string;
  env: Record<string, string>;
  /** Its output once it accepts requests. */
  announcement: string;
};

const END_WITH_PARENT = fileURLToPath(new URL("end-with-parent.mjs", import.meta.url));
const POLL_MS = 50;
const KILL_AFTER_MS = 15_000;
const LINES_SHOWN = 20;

/**
 * Starts a Node process and waits for its announcement. Its output goes to a file, as under a service manager: reading
 * it here would affect the measurement.
 */
export async function startProcess(
  wanted: ProcessToStart,
  place: string,
  stop: AbortSignal,
  cleanUp: CleanUp,
): Promise<number> {
  const logs = join(place, "logs");
  mkdirSync(logs, { recursive: true });
  const logFile = join(logs, `${wanted.name}.log`);
  const log = openSync(logFile, "w");
  const { PATH = "", HOME = "" } = process.env;
  const child = spawn(process.execPath, ["--conditions=react-server", "--import", END_WITH_PARENT, ...wanted.args], {
    cwd: wanted.cwd,
    // A Ctrl-C in our terminal must not reach it before the cleanup.
    detached: true,
    stdio: ["ignore", log, log],
    env: {
      PATH,
      HOME,
      NODE_ENV: "production",
      NEXT_TELEMETRY_DISABLED: "1",
      ...wanted.env,
    } as unknown as NodeJS.ProcessEnv,
  });
  closeSync(log);
  cleanUp(() => end(child));
  await untilAnnounced(child, wanted, logFile, stop);
  return child.pid ?? 0;
}

async function untilAnnounced(
  child: ChildProcess,
  { name, announcement }: ProcessToStart,
  logFile: string,
  stop: AbortSignal,
) {
  let failure: Error | undefined;
  child.once("error", (error) => {
    failure = error;
  });
  for (;;) {
    const printed = readFileSync(logFile, "utf8");
    if (printed.includes(announcement)) return;
    if (failure || hasEnded(child)) {
      const end = printed.trim().split("\n").slice(-LINES_SHOWN).join("\n");
      throw new StartError(`${name} did not start (${failure?.message ?? `exit code ${child.exitCode}`}):\n${end}`);
    }
    await delay(POLL_MS, undefined, { signal: stop });
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (!child.pid || hasEnded(child)) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  const kill = setTimeout(() => child.kill("SIGKILL"), KILL_AFTER_MS);
  await ended;
  clearTimeout(kill);
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}
