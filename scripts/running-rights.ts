import type pg from "pg";
import { connectToDatabase } from "../lib/database-connection.ts";

/** Each right that no running role needs, in the words of the warning. */
const EXCESS = `
  select current_user as "user", array_remove(array[
    case when r.rolsuper then 'is a superuser' end,
    case when r.rolcreaterole then 'may create roles' end,
    case when r.rolcreatedb then 'may create databases' end,
    case when pg_has_role(t.relowner, 'usage') then 'owns the tables' end,
    case when has_schema_privilege('public', 'create') then 'may create tables' end,
    case when has_table_privilege('audit_entries', 'update, delete, truncate')
      then 'may change and delete entries of the audit log' end,
    case when $1 and has_column_privilege('users', 'password_hash', 'select') then 'reads password hashes' end
  ], null) as excess
  from pg_roles r, pg_class t where r.rolname = current_user and t.oid = 'public.api_keys'::regclass`;

type Running = "console" | "verifier";

/**
 * Prints a warning when the user of this address may do what a console, or a verifier, never needs. What keeps the
 * question from being answered is no reason not to start.
 */
export async function warnOfExcessRights(databaseUrl: string, running: Running): Promise<void> {
  const client = await connectToDatabase(databaseUrl).catch(() => undefined);
  if (!client) return;
  const warning = await warningFor(client, running).catch(() => null);
  if (warning) console.log(`! ${warning}`);
  await client.end();
}

async function warningFor(client: pg.Client, running: Running): Promise<string | null> {
  const { rows } = await client.query<{ user: string; excess: string[] }>(EXCESS, [running === "verifier"]);
  const { user, excess } = rows[0] ?? { user: "", excess: [] };
  if (excess.length === 0) return null;
  return (
    `The ${running} runs as the database user ${user}, who can do more than it needs: ${user} ${excess.join(", ")}. ` +
    `Let it run as a user of the role latchkey_${running}: docs/database-roles.md has the SQL.`
  );
}
