import { type ChildProcess, fork } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { env } from "../../lib/env.ts";
import { StartError } from "../start-error.ts";

/**
 * As in package.json's command. The verifier's caches are far smaller; without a limit, V8 lets garbage accumulate up
 * to the machine's memory.
 */
const NODE_OPTIONS = ["--conditions=react-server", "--max-semi-space-size=8", "--max-old-space-size=160"];
/** One glibc memory arena for all threads, since hardly more than one is busy. */
const ENVIRONMENT = { MALLOC_ARENA_MAX: "1" };

const RESTART_DELAY_MS = 1_000;
/** Longer than its own request timeout and final flush; its drain time is added. */
const STOP_TIMEOUT_MS = 20_000;

export interface VerifierProcess {
  /** Lets it finish requests in flight; resolves when it has exited, or immediately on `hurry`. */
  stop(hurry?: AbortSignal): Promise<void>;
}

/**
 * The verifier as a separate process, so that page rendering never delays a verification. It exits with this process,
 * however that ends, and is restarted if it exits by itself.
 */
export async function startVerifierProcess(port: number, databaseUrl: string): Promise<VerifierProcess> {
  let isStopping = false;
  let current = await launch(port, databaseUrl);
  const keepRunning = async () => {
    for (;;) {
      const cause = await exitOf(current);
      if (isStopping) return;
      console.error(`! The verifier exited (${cause}) and is being restarted.`);
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
      const timeoutMs = env().DRAIN_SECONDS * 1_000 + STOP_TIMEOUT_MS;
      await Promise.race([ended, delay(timeoutMs, undefined, { signal: hurry, ref: false }).catch(() => {})]);
      current.kill("SIGKILL");
    },
  };
}

const hasExited = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null;

/** Resolves to its signal or exit code once the process has exited. */
async function exitOf(child: ChildProcess): Promise<string | number | null> {
  if (!hasExited(child)) await new Promise((resolve) => child.once("exit", resolve));
  return child.signalCode ?? child.exitCode;
}

/** Resolves once it is listening. */
function launch(port: number, databaseUrl: string): Promise<ChildProcess> {
  const child = fork("scripts/run.mjs", ["verifier"], {
    execArgv: NODE_OPTIONS,
    env: { ...process.env, ...ENVIRONMENT, VERIFIER_PORT: String(port), DATABASE_URL: databaseUrl },
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  return new Promise((resolve, reject) => {
    child.once("message", () => resolve(child));
    child.on("error", reject);
    child.once("exit", () => reject(new StartError("The verifier didn't start; see its output above.")));
  });
}
