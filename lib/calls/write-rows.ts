import "server-only";
import { type PreparedStatement, runPrepared } from "@/lib/database/prepared-statement";
import { log } from "@/lib/log";
import { usagePool } from "@/lib/verification/connections";

/** Limits how long a statement occupies this process and the database. */
const MAX_ROWS_A_STATEMENT = 1_000;

/**
 * Writes records of keys' calls. Returns the rows to retry. Rows that the database rejects, e.g. because their key was
 * deleted, are logged and dropped, and don't prevent others from being written.
 */
export async function writeRows<Row>(
  statement: PreparedStatement,
  columnsOf: (rows: Row[]) => unknown[],
  all: Row[],
  keyIdOf: (row: Row) => string,
): Promise<Row[]> {
  const parts: Row[][] = [];
  for (let start = 0; start < all.length; start += MAX_ROWS_A_STATEMENT) {
    parts.push(all.slice(start, start + MAX_ROWS_A_STATEMENT));
  }
  for (let rows = parts.shift(); rows; rows = parts.shift()) {
    try {
      await runPrepared(usagePool, statement, columnsOf(rows));
    } catch (error) {
      if (!isAboutTheRows(error)) {
        const left = [rows, ...parts].flat();
        log.warn(
          { err: String(error), statement: statement.name, rows: left.length },
          "records of calls not written yet",
        );
        return left;
      }
      // One invalid row fails the whole statement: halving isolates it, so that the others are written.
      if (rows.length > 1) parts.unshift(rows.slice(0, rows.length / 2), rows.slice(rows.length / 2));
      else
        log.error({ err: String(error), keyId: keyIdOf(rows[0] as Row) }, "a record of a key's calls can't be written");
    }
  }
  return [];
}

/** Classes 21 to 23 would recur on every retry of the same rows, and block all others. */
function isAboutTheRows(error: unknown): boolean {
  return /^2[123]/.test((error as { code?: string }).code ?? "");
}
