import "server-only";
import { type PreparedStatement, runPrepared } from "@/lib/database/prepared-statement";
import { log } from "@/lib/log";
import { usagePool } from "@/lib/verification/connections";

/** A flush is one statement up to here, so that neither side works on it for long at a time. */
const MAX_ROWS_A_STATEMENT = 1_000;

/**
 * Writes what was noted of keys. Returns the rows that the database couldn't take yet; those that it never will, because
 * their key is gone, say, are left out and keep no other from being written.
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
      // One row can spoil the statement for all: halving finds it, and the others are written.
      if (rows.length > 1) parts.unshift(rows.slice(0, rows.length / 2), rows.slice(rows.length / 2));
      else
        log.error({ err: String(error), keyId: keyIdOf(rows[0] as Row) }, "a record of a key's calls can't be written");
    }
  }
  return [];
}

/** Such errors would occur again with the same rows each time, and hold up all others. */
function isAboutTheRows(error: unknown): boolean {
  return /^2[123]/.test((error as { code?: string }).code ?? "");
}
