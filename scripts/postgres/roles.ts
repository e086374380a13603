import { createHmac } from "node:crypto";
import pg from "pg";
import { RUNNING_ROLES } from "../grants.ts";
import { type PostgresFiles, readPassword } from "./files.ts";

/** The users of the embedded database; the owner, a superuser, is used only for migration and maintenance. */
export type DatabaseRole = "owner" | "console" | "verifier";

export const ROLE_NAMES: Record<DatabaseRole, string> = {
  owner: "latchkey",
  console: RUNNING_ROLES[0],
  verifier: RUNNING_ROLES[1],
};

const NO_POWERS = "login nosuperuser nocreatedb nocreaterole noreplication nobypassrls";

/**
 * The running roles' passwords are derived from the owner's, so that only one secret is stored, and they don't reveal
 * it.
 */
export function passwordOf(files: PostgresFiles, role: DatabaseRole): string {
  const secret = readPassword(files);
  return role === "owner" ? secret : createHmac("sha256", secret).update(ROLE_NAMES[role]).digest("hex");
}

/**
 * Creates the running roles if needed and resets their attributes, settings and passwords, because a role can change
 * its own. They can access only `database`, without temporary tables.
 */
export async function ensureRunningRoles(client: pg.Client, files: PostgresFiles, database: string): Promise<void> {
  for (const role of ["console", "verifier"] as const) {
    const name = ROLE_NAMES[role];
    const { rowCount } = await client.query("select from pg_roles where rolname = $1", [name]);
    if (rowCount === 0) await client.query(`create role ${name}`);
    await client.query(`alter role ${name} ${NO_POWERS} password ${pg.escapeLiteral(passwordOf(files, role))}`);
    await client.query(`alter role ${name} reset all`);
    await client.query(`alter role ${name} in database ${database} reset all`);
  }
  await client.query(`revoke all on database ${database}, postgres, template1 from public`);
  await client.query(`grant connect on database ${database} to ${RUNNING_ROLES.join(", ")}`);
}
