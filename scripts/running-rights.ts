import type pg from "pg";
import { connectToDatabase } from "../lib/database/database-connection.ts";

/**
 * Rights that no running role needs, in the warning's words. Membership without inheritance counts too, because of SET
 * ROLE.
 */
const EXCESS = `
  select current_user as "user", array_remove(array[
    case when r.rolsuper then 'is a superuser' end,
    case when r.rolcreaterole then 'may create roles' end,
    case when r.rolcreatedb then 'may create databases' end,
    case when r.rolreplication then 'may copy the whole server by replication' end,
    case when exists (
      select from pg_roles p where pg_has_role(p.oid, 'member')
        and p.rolname in ('pg_read_server_files', 'pg_write_server_files', 'pg_execute_server_program')
    ) then 'may read or write files of the server, or run its programs' end,
    case when pg_has_role(t.relowner, 'member') then 'owns the tables' end,
    case when has_schema_privilege('public', 'create') then 'may create tables' end,
    case when has_table_privilege('audit_entries', 'delete, truncate') or has_any_column_privilege('audit_entries', 'update')
      then 'may change and delete entries of the audit log' end,
    case when $1 and has_column_privilege('users', 'password_hash', 'select') then 'reads password hashes' end,
    case when $1 and (has_any_column_privilege('api_keys', 'insert, update') or has_any_column_privilege('members', 'update'))
      then 'may change keys and members' end
  ], null) as excess
  from pg_roles r, pg_class t where r.rolname = current_user and t.oid = 'public.api_keys'::regclass`;

type Running = "console" | "verifier";

/**
 * Prints a warning if this URL's user has rights that a console or verifier never needs. A failed check doesn't prevent
 * the start. Returns whether a warning was printed.
 */
export async function warnOfExcessRights(databaseUrl: string, running: Running): Promise<boolean> {
  const client = await connectToDatabase(databaseUrl).catch(() => undefined);
  if (!client) return false;
  const warning = await warningFor(client, running).catch(() => null);
  if (warning) console.log(`! ${warning}`);
  await client.end();
  return warning !== null;
}

async function warningFor(client: pg.Client, running: Running): Promise<string | null> {
  const { rows } = await client.query<{ user: string; excess: string[] }>(EXCESS, [running === "verifier"]);
  const { user, excess } = rows[0] ?? { user: "", excess: [] };
  if (excess.length === 0) return null;
  return (
    `The ${running} runs as the database user ${user}, who has more rights than necessary: ${user} ${excess.join(", ")}. ` +
    `Run it as a user with the role latchkey_${running}; docs/database-roles.md has the SQL.`
  );
}
