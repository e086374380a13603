import { type ChildProcess, fork } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { env } from "../../lib/env.ts";
import { StartError } from "../start-error.ts";

/**
 * As in package.json's command. What it keeps is bounded far below that; without a limit, V8 lets garbage
 * pile up for as long as the machine has memory.
 */
const NODE_OPTIONS = ["--conditions=react-server", "--max-semi-space-size=8", "--max-old-space-size=160"];
/** One pool of memory for all threads of glibc, since hardly more than one of them works. */
const ENVIRONMENT = { MALLOC_ARENA_MAX: "1" };

const RESTART_DELAY_MS = 1_000;
/** Its own patience with requests and with the last flush comes first; what it drains for comes on top. */
const STOP_PATIENCE_MS = 20_000;

export interface VerifierProcess {
  /** Lets it finish what is in flight; resolves when it has ended, or at once on `hurry`. */
  stop(hurry?: AbortSignal): Promise<void>;
}

/**
 * The verifier as a process of its own, so that a page being rendered never holds up a
 * verification. It ends with us, whatever ends us; when it ends by itself, it is started again.
 */
export async function startVerifierProcess(port: number, databaseUrl: string): Promise<VerifierProcess> {
  let isStopping = false;
  let current = await launch(port, databaseUrl);
  const keepRunning = async () => {
    for (;;) {
      const cause = await exitOf(current);
      if (isStopping) return;
      console.error(`! The verifier ended (${cause}) and is started again.`);
      await relaunch();
    }
  };
  const relaunch = async () => {
    for (let next: ChildProcess | undefined; !next; ) {
      await delay(RESTART_DELAY_MS);
      if (isStopping) return;
      next = await launch(port, databaseUrl).catch(() => undefined);
      if (next) current = next;
    }
    if (isStopping) current.kill("SIGTERM");
  };
  void keepRunning();
  return {
    async stop(hurry) {
      isStopping = true;
      if (hasExited(current)) return;
      const ended = exitOf(current);
      current.kill("SIGTERM");
      const patienceMs = env().DRAIN_SECONDS * 1_000 + STOP_PATIENCE_MS;
      await Promise.race([ended, delay(patienceMs, undefined, { signal: hurry, ref: false }).catch(() => {})]);
      current.kill("SIGKILL");
    },
  };
}

const hasExited = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null;

/** Resolves once the process has ended, to its signal or its exit code. */
async function exitOf(child: ChildProcess): Promise<string | number | null> {
  if (!hasExited(child)) await new Promise((resolve) => child.once("exit", resolve));
  return child.signalCode ?? child.exitCode;
}

/** Resolves once it listens. */
function launch(port: number, databaseUrl: string): Promise<ChildProcess> {
  const child = fork("scripts/run.mjs", ["verifier"], {
    execArgv: NODE_OPTIONS,
    env: { ...process.env, ...ENVIRONMENT, VERIFIER_PORT: String(port), DATABASE_URL: databaseUrl },
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  return new Promise((resolve, reject) => {
    child.once("message", () => resolve(child));
    child.on("error", reject);
    child.once("exit", () => reject(new StartError("The verifier did not start; its output above says why.")));
  });
}
