import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Env } from "../lib/env.ts";
import { checkDatabase } from "./check-database.ts";
import { prepareDataDir } from "./data-dir.ts";
import { type DataDirLock, lockDataDir, tryLockDataDir } from "./data-dir-lock.ts";
import { type DatabaseUrls, findEmbeddedPostgres, startEmbeddedPostgres } from "./embedded-postgres.ts";
import { StartError } from "./start-error.ts";

/** Time for a previous start to finish its requests. */
const LOCK_TIMEOUT_MS = 5_000;

export interface OpenDatabase {
  urls: DatabaseUrls;
  close(): Promise<void>;
}

type DatabaseSettings = Pick<Env, "DATABASE_URL" | "MIGRATE_DATABASE_URL" | "VERIFIER_DATABASE_URL" | "DATA_DIR">;

/** The console's database: `DATABASE_URL`, or the embedded server, which no other process may then run. */
export async function openOwnDatabase(env: DatabaseSettings): Promise<OpenDatabase> {
  const given = givenUrls(env);
  if (given) return openGivenDatabase(given);
  const dataDir = prepareDataDir(env.DATA_DIR);
  return startLocked(dataDir, await lockDataDir(dataDir, LOCK_TIMEOUT_MS));
}

/**
 * The database for a standalone verifier: one that a console created. Never creates one, because an empty database has
 * nothing to verify, and a console with the same DATA_DIR would find it locked.
 */
export async function openExistingDatabase(env: DatabaseSettings): Promise<OpenDatabase> {
  if (existsSync(join(resolve(env.DATA_DIR), "postgres", "PG_VERSION"))) return openDatabase(env);
  throw new StartError(
    "No database found: set DATABASE_URL to your console's PostgreSQL, or DATA_DIR to the " +
      `directory of a console on this machine (${resolve(env.DATA_DIR)} holds none).`,
  );
}

/**
 * The database for a command that can run alongside the console. A running server is used and left running; one that
 * had to be started is stopped by `close`.
 */
export async function openDatabase(env: DatabaseSettings): Promise<OpenDatabase> {
  const given = givenUrls(env);
  if (given) return openGivenDatabase(given);
  const dataDir = prepareDataDir(env.DATA_DIR);
  const lock = await tryLockDataDir(dataDir, 0);
  return lock ? startLocked(dataDir, lock) : openRunning(dataDir);
}

/** The URLs from the environment, or `undefined` for the embedded server. */
export function givenUrls(env: DatabaseSettings): DatabaseUrls | undefined {
  const { DATABASE_URL, MIGRATE_DATABASE_URL = DATABASE_URL, VERIFIER_DATABASE_URL = DATABASE_URL } = env;
  if (!DATABASE_URL || !MIGRATE_DATABASE_URL || !VERIFIER_DATABASE_URL) return undefined;
  return { owner: MIGRATE_DATABASE_URL, console: DATABASE_URL, verifier: VERIFIER_DATABASE_URL };
}

async function openGivenDatabase(urls: DatabaseUrls): Promise<OpenDatabase> {
  await checkDatabase(urls.console, "DATABASE_URL");
  if (urls.owner !== urls.console) await checkDatabase(urls.owner, "MIGRATE_DATABASE_URL");
  if (urls.verifier !== urls.console) await checkDatabase(urls.verifier, "VERIFIER_DATABASE_URL");
  return { urls, close: async () => {} };
}

async function startLocked(dataDir: string, lock: DataDirLock): Promise<OpenDatabase> {
  try {
    const server = await startEmbeddedPostgres(dataDir);
    return { urls: server.urls, close: () => server.stop().finally(() => lock.release()) };
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function openRunning(dataDir: string): Promise<OpenDatabase> {
  const urls = await findEmbeddedPostgres(dataDir);
  if (!urls) throw new StartError("Another Latchkey command is starting the database: try again in a moment.");
  return { urls, close: async () => {} };
}
