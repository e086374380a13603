import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Pool } from "pg";

export const MIGRATIONS_DIR = join(process.cwd(), "prisma", "migrations");

const UNDEFINED_TABLE = "42P01";

/** The names of this version's migrations, in order. */
export async function knownMigrations(): Promise<string[]> {
  const entries = await readdir(MIGRATIONS_DIR, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/** Cached: they don't change while the process runs. */
let known: Promise<string[]> | undefined;

/** The migrations that the database lacks; empty if it is up to date. */
export async function pendingMigrations(database: Pick<Pool, "query">): Promise<string[]> {
  known ??= knownMigrations();
  const [names, applied] = await Promise.all([known, appliedMigrations(database)]);
  return names.filter((name) => !applied.has(name));
}

async function appliedMigrations(database: Pick<Pool, "query">): Promise<Set<string>> {
  try {
    const { rows } = await database.query<{ migration_name: string }>(
      "select migration_name from _prisma_migrations where finished_at is not null and rolled_back_at is null",
    );
    return new Set(rows.map((row) => row.migration_name));
  } catch (error) {
    if ((error as { code?: string }).code === UNDEFINED_TABLE) return new Set();
    throw error;
  }
}
