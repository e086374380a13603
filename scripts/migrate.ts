import { createHash, randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { connectToDatabase } from "../lib/database/database-connection.ts";
import { MIGRATIONS_DIR, pendingMigrations } from "../lib/database/migrations.ts";
import { applyGrants } from "./grants.ts";
import { assertMayMigrate } from "./migrations/migration-rights.ts";
import { repairTriggers } from "./migrations/repair-triggers.ts";
import { StartError } from "./start-error.ts";

/** Arbitrary, but the same in every version of Latchkey. */
const MIGRATION_LOCK = 728_354_912;

/** Prisma's own table definition, so that `prisma migrate deploy` and this script are interchangeable. */
const CREATE_MIGRATIONS_TABLE = `
  create table if not exists _prisma_migrations (
    id varchar(36) primary key,
    checksum varchar(64) not null,
    finished_at timestamptz,
    migration_name varchar(255) not null,
    logs text,
    rolled_back_at timestamptz,
    started_at timestamptz not null default now(),
    applied_steps_count integer not null default 0
  )`;

const RECORD_MIGRATION = `
  insert into _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
  values ($1, $2, $3, now(), clock_timestamp(), 1)`;

export type Migrated = { applied: string[]; repairedTriggers: string[] };

const IS_OWNER = `
  select pg_has_role(relowner, 'USAGE') as is_owner from pg_class where oid = to_regclass('public._prisma_migrations')`;

/**
 * Migrates the database, grants the running roles their rights, and returns the names of applied migrations and of
 * triggers that had been disabled. `databaseUrl` is the tables' owner's; with another user's, a migrated database is
 * left unchanged. Prisma's own engine doesn't work here: over the `pg` adapter it splits scripts at every semicolon,
 * even inside a function's body, and an interrupted one stays half applied.
 */
export async function migrate(databaseUrl: string): Promise<Migrated> {
  const client = await connectToDatabase(databaseUrl, { application_name: "latchkey-migrate" });
  try {
    const applied: string[] = [];
    if (await isCompleteForGuest(client)) return { applied, repairedTriggers: [] };
    await assertMayMigrate(client);
    for (let name = await applyNext(client); name; name = await applyNext(client)) applied.push(name);
    await serialized(client, () => applyGrants(client));
    return { applied, repairedTriggers: await serialized(client, () => repairTriggers(client)) };
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error;
    throw new StartError(`The database could not be brought up to date; PostgreSQL says: ${error.message}.`);
  } finally {
    await client.end();
  }
}

/**
 * Whether the database is fully migrated, for a user who doesn't own the tables. Throws if they would have to migrate.
 */
async function isCompleteForGuest(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ is_owner: boolean }>(IS_OWNER);
  if (rows[0]?.is_owner !== false) return false;
  const pending = await pendingMigrations(client);
  if (pending.length === 0) return true;
  throw new StartError(
    `The database must be migrated (${pending.join(", ")}), but the user ${client.user} doesn't own its tables: ` +
      "set MIGRATE_DATABASE_URL to its URL with the user who does.",
  );
}

/** Applies one migration together with its record. */
async function applyNext(client: pg.Client): Promise<string | undefined> {
  return serialized(client, async () => {
    await client.query(CREATE_MIGRATIONS_TABLE);
    const [name] = await pendingMigrations(client);
    if (name) await apply(client, name);
    return name;
  });
}

/**
 * Runs `change` in one transaction. The lock serializes consoles that start together; it ends with the transaction, so
 * that it also works behind a pooler.
 */
async function serialized<Result>(client: pg.Client, change: () => Promise<Result>): Promise<Result> {
  await client.query("begin");
  await client.query("select pg_advisory_xact_lock($1)", [MIGRATION_LOCK]);
  const result = await change();
  await client.query("commit");
  return result;
}

async function apply(client: pg.Client, name: string): Promise<void> {
  const script = await readFile(join(MIGRATIONS_DIR, name, "migration.sql"), "utf8");
  try {
    await client.query(script);
  } catch (error) {
    const reason = (error as Error).message;
    throw new StartError(`The migration ${name} failed and changed nothing; PostgreSQL says: ${reason}.`);
  }
  const checksum = createHash("sha256").update(script).digest("hex");
  await client.query(RECORD_MIGRATION, [randomUUID(), checksum, name]);
}
