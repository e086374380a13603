import type { Env } from "../lib/env.ts";
import { checkDatabase } from "./check-database.ts";
import { prepareDataDir } from "./data-dir.ts";
import { type DataDirLock, lockDataDir, tryLockDataDir } from "./data-dir-lock.ts";
import { findEmbeddedPostgres, startEmbeddedPostgres } from "./embedded-postgres.ts";
import { StartError } from "./start-error.ts";

/** A previous start that is still finishing its requests gets this long. */
const LOCK_PATIENCE_MS = 5_000;

export interface OpenDatabase {
  url: string;
  close(): Promise<void>;
}

type DatabaseSettings = Pick<Env, "DATABASE_URL" | "DATA_DIR">;

/** The console's own database: `DATABASE_URL`, or the embedded server, which nobody else may then run. */
export async function openOwnDatabase(env: DatabaseSettings): Promise<OpenDatabase> {
  if (env.DATABASE_URL) return openGivenDatabase(env.DATABASE_URL);
  const dataDir = prepareDataDir(env.DATA_DIR);
  return startLocked(dataDir, await lockDataDir(dataDir, LOCK_PATIENCE_MS));
}

/**
 * The database for a command that may run beside the console: a server that is running already is
 * used and left alone, one that had to be started is stopped by `close`.
 */
export async function openDatabase(env: DatabaseSettings): Promise<OpenDatabase> {
  if (env.DATABASE_URL) return openGivenDatabase(env.DATABASE_URL);
  const dataDir = prepareDataDir(env.DATA_DIR);
  const lock = await tryLockDataDir(dataDir, 0);
  return lock ? startLocked(dataDir, lock) : openRunning(dataDir);
}

async function openGivenDatabase(url: string): Promise<OpenDatabase> {
  await checkDatabase(url);
  return { url, close: async () => {} };
}

async function startLocked(dataDir: string, lock: DataDirLock): Promise<OpenDatabase> {
  try {
    const server = await startEmbeddedPostgres(dataDir);
    return { url: server.url, close: () => server.stop().finally(() => lock.release()) };
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function openRunning(dataDir: string): Promise<OpenDatabase> {
  const url = await findEmbeddedPostgres(dataDir);
  if (!url) throw new StartError("Another Latchkey command is just starting the database: try again in a moment.");
  return { url, close: async () => {} };
}
