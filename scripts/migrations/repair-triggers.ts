import type pg from "pg";

/** These count calls; their results are replicated and restored separately, so they run in ordinary sessions only. */
const COUNTING = ["close_api_key_hour", "delete_calls_of_api_keys"];

const WRONG = `
  select t.tgname as name, t.tgrelid::regclass::text as relation, p.proname = any ($1) as "isCounting"
  from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_proc p on p.oid = t.tgfoid
  where c.relnamespace = current_schema()::regnamespace and p.pronamespace = c.relnamespace and not t.tgisinternal
    and t.tgenabled <> case when p.proname = any ($1) then 'O' else 'A' end`;

/**
 * Resets all triggers to the state of the migrations, and returns the names of those that differed. `pg_restore
 * --disable-triggers` disables them, then enables them for ordinary sessions only, or leaves them disabled if it fails.
 * Changes in the meantime didn't renew any version, so every team gets a new one.
 */
export async function repairTriggers(client: pg.ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ name: string; relation: string; isCounting: boolean }>(WRONG, [COUNTING]);
  if (rows.length === 0) return [];
  for (const { name, relation, isCounting } of rows) {
    await client.query(`alter table ${relation} enable ${isCounting ? "" : "always"} trigger "${name}"`);
  }
  await client.query("update teams set access_version = gen_random_uuid()");
  return rows.map(({ name }) => name);
}
