import type { Transaction } from "../../lib/database/db.ts";

type Table = "users" | "members" | "api_keys" | "api_key_usage" | "audit_entries";

/**
 * Inserts many rows with one statement and one parameter. Rows are objects of column names, all with the same ones.
 * Pass dates as ISO 8601, and `bytea` as `\x` with hex.
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
