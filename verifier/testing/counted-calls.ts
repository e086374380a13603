import { pool } from "@/lib/database/db";

/** How many accepted calls of a key are in the database, in whatever hours. */
export async function countedCalls(keyId: string): Promise<number> {
  const { rows } = await pool.query<{ calls: number }>(
    `select coalesce((select sum(calls) from api_key_hours where key_id = $1 and code = 'valid'), 0)::int
      + coalesce((select calls from api_key_usage where key_id = $1), 0)::int as calls`,
    [keyId],
  );
  return rows[0]?.calls ?? 0;
}
