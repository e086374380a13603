import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { isAlive, startTimeOf } from "./process-identity.ts";
import { StartError } from "./start-error.ts";

const POLL_MS = 100;

interface Holder {
  pid: number;
  startTime: string | undefined;
  command: string;
}

export interface DataDirLock {
  release(): void;
}

/**
 * Makes this process the only one that runs PostgreSQL in `dataDir`. Waits up to `timeoutMs` for another one to exit;
 * `undefined` if it doesn't. Ignores a holder that was killed.
 */
export async function tryLockDataDir(dataDir: string, timeoutMs: number): Promise<DataDirLock | undefined> {
  const deadline = Date.now() + timeoutMs;
  while (!claim(dataDir)) {
    removeStale(dataDir);
    if (Date.now() >= deadline && readHolder(lockPath(dataDir))) return undefined;
    await delay(POLL_MS);
  }
  return { release: () => rmSync(lockPath(dataDir), { force: true }) };
}

/** Like {@link tryLockDataDir}, but throws a sentence that names the holder. */
export async function lockDataDir(dataDir: string, timeoutMs: number): Promise<DataDirLock> {
  const lock = await tryLockDataDir(dataDir, timeoutMs);
  if (lock) return lock;
  const holder = readHolder(lockPath(dataDir));
  throw new StartError(
    `DATA_DIR (${dataDir}) is in use by process ${holder?.pid} (npm run ${holder?.command}): ` +
      "stop that one first, or set DATA_DIR to another directory.",
  );
}

function lockPath(dataDir: string): string {
  return join(dataDir, "lock");
}

/** A link appears atomically with its content, or not at all. */
function claim(dataDir: string): boolean {
  const draft = join(dataDir, `lock.${process.pid}`);
  const self: Holder = {
    pid: process.pid,
    startTime: startTimeOf(process.pid),
    command: process.env.LATCHKEY_COMMAND ?? "start",
  };
  writeFileSync(draft, JSON.stringify(self), { mode: 0o600 });
  try {
    linkSync(draft, lockPath(dataDir));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Renames the lock before checking it again, because another process may have taken it in the meantime. */
function removeStale(dataDir: string): void {
  const path = lockPath(dataDir);
  const holder = readHolder(path);
  if (!holder || isHeldBy(holder)) return;
  const aside = `${path}.stale.${process.pid}`;
  try {
    renameSync(path, aside);
    const taken = readHolder(aside);
    if (taken && isHeldBy(taken)) linkSync(aside, path);
  } catch {
    // Another process was faster.
  }
  rmSync(aside, { force: true });
}

function isHeldBy({ pid, startTime }: Holder): boolean {
  return isAlive(pid) && startTimeOf(pid) === startTime;
}

function readHolder(path: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Holder;
  } catch {
    return undefined;
  }
}
