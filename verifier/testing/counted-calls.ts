import { pool } from "@/lib/database/db";

/** The number of a key's accepted calls in the database, over all hours. */
export async function countedCalls(keyId: string): Promise<number> {
  const { rows } = await pool.query<{ calls: number }>(
    `select coalesce((select sum(calls) from api_key_hours where key_id = $1 and code = 'valid'), 0)::int
      + coalesce((select calls from api_key_usage where key_id = $1), 0)::int as calls`,
    [keyId],
  );
  return rows[0]?.calls ?? 0;
}
