import { readFile } from "node:fs/promises";
import type { Client } from "pg";
import { knownMigrations } from "../lib/database/migrations.ts";
import { StartError } from "./start-error.ts";

/** The roles in prisma/grants.sql. Users with other names can be members of them. */
export const RUNNING_ROLES = ["latchkey_console", "latchkey_verifier"] as const;

const NEWER_MIGRATION =
  "select from _prisma_migrations where not (migration_name = any($1)) and rolled_back_at is null limit 1";

/**
 * Grants the running roles the rights in prisma/grants.sql and revokes all others. Does nothing if neither role exists:
 * a single user then does everything. Call it in the transaction with the migrations' lock, as the tables' owner.
 */
export async function applyGrants(client: Pick<Client, "query">): Promise<void> {
  const { rows } = await client.query<{ rolname: string }>("select rolname from pg_roles where rolname = any($1)", [
    RUNNING_ROLES,
  ]);
  if (rows.length === 0) return;
  const missing = RUNNING_ROLES.find((role) => !rows.some(({ rolname }) => rolname === role));
  if (missing) {
    throw new StartError(`PostgreSQL has ${rows[0]?.rolname} but not ${missing}: run CREATE ROLE ${missing} there.`);
  }
  // A newer version was started on this database and may need grants that this version would revoke.
  const { rowCount: newer } = await client.query(NEWER_MIGRATION, [await knownMigrations()]);
  if (newer === 0) await client.query(await readFile("prisma/grants.sql", "utf8"));
}
