import "server-only";
import { stringify } from "csv-stringify/sync";
import { visibleText } from "@/lib/text/visible-text";

/** Without it, Excel reads UTF-8 in the machine's code page ("MÃ¼ller"). */
const BYTE_ORDER_MARK = "\ufeff";

/** The start of a CSV file (RFC 4180, UTF-8): byte order mark and column names. */
export function csvHead(columns: readonly string[]): string {
  return BYTE_ORDER_MARK + stringify([[...columns]]);
}

/**
 * Rows of a CSV file. A cell that starts like a formula would be executed by spreadsheet programs, so it gets an
 * apostrophe; text direction overrides are written as escapes.
 */
export function csvRows(columns: readonly string[], rows: readonly object[]): string {
  return visibleText(stringify([...rows], { columns: [...columns], escape_formulas: true }));
}

/** A line of a JSON Lines file. Text direction overrides are written as JSON escapes, which parsers decode. */
export function jsonLine(value: unknown): string {
  return `${visibleText(JSON.stringify(value))}\n`;
}
