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

/** Any number will do, as long as every version of Latchkey takes the same. */
const MIGRATION_LOCK = 728_354_912;

/** The table as Prisma makes it, so that `prisma migrate deploy` can carry on from here and the reverse. */
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
 * Brings the database up to date, grants the running roles what they need, and returns the names of the migrations that
 * it took and of the triggers that somebody had switched off. `databaseUrl` is of the tables' owner; with another user's,
 * a database that is up to date is left alone. Prisma's own engine is no help here: over the `pg` adapter it cuts scripts
 * at every semicolon, also inside a function's body, and one killed half-way stays half applied.
 */
export async function migrate(databaseUrl: string): Promise<Migrated> {
  const client = await connectToDatabase(databaseUrl, { application_name: "latchkey-migrate" });
  try {
    const applied: string[] = [];
    if (await isCompleteForGuest(client)) return { applied, repairedTriggers: [] };
    await assertMayMigrate(client);
    for (let name = await applyNext(client); name; name = await applyNext(client)) applied.push(name);
    await inTurn(client, () => applyGrants(client));
    return { applied, repairedTriggers: await inTurn(client, () => repairTriggers(client)) };
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error;
    throw new StartError(`The database could not be brought up to date; PostgreSQL says: ${error.message}.`);
  } finally {
    await client.end();
  }
}

/** Whether a user who doesn't own the tables finds nothing left to do. Throws when they would have to migrate. */
async function isCompleteForGuest(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ is_owner: boolean }>(IS_OWNER);
  if (rows[0]?.is_owner !== false) return false;
  const pending = await pendingMigrations(client);
  if (pending.length === 0) return true;
  throw new StartError(
    `The database must be migrated (${pending.join(", ")}), and the user ${client.user} doesn't own its tables: ` +
      "set MIGRATE_DATABASE_URL to the address with the user who does.",
  );
}

/** One migration and its record: both or neither. */
async function applyNext(client: pg.Client): Promise<string | undefined> {
  return inTurn(client, async () => {
    await client.query(CREATE_MIGRATIONS_TABLE);
    const [name] = await pendingMigrations(client);
    if (name) await apply(client, name);
    return name;
  });
}

/**
 * Runs `change` in one transaction. Consoles that start together take turns at the lock; it ends with the transaction, so
 * a pooler in between does no harm.
 */
async function inTurn<Result>(client: pg.Client, change: () => Promise<Result>): Promise<Result> {
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
