import type { Transaction } from "../../lib/database/db.ts";

type Table = "users" | "members" | "api_keys" | "api_key_usage" | "audit_entries";

/**
 * Inserts many rows with one statement and one parameter, whatever the columns; each row is an
 * object of column names, and all have the same ones. Dates go as ISO 8601, `bytea` as `\x` and hex.
 */
export async function insertRows(tx: Transaction, table: Table, rows: readonly object[]): Promise<void> {
  const [first] = rows;
  if (!first) return;
  const columns = Object.keys(first).join(", ");
  await tx.$executeRawUnsafe(
    `insert into ${table} (${columns}) select ${columns} from json_populate_recordset(null::${table}, $1::json)`,
    JSON.stringify(rows),
  );
}
