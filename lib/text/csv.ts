import "server-only";
import { stringify } from "csv-stringify/sync";
import { visibleText } from "@/lib/text/visible-text";

/** Without this mark Excel takes UTF-8 for the code page of its machine, and "Müller" for "MÃ¼ller". */
const BYTE_ORDER_MARK = "\ufeff";

/** What a CSV file begins with (RFC 4180, UTF-8): the byte order mark and the names of its columns. */
export function csvHead(columns: readonly string[]): string {
  return BYTE_ORDER_MARK + stringify([[...columns]]);
}

/**
 * Rows of a CSV file. A cell that begins like a formula would be run by the program that opens the file, so it gets an
 * apostrophe; overrides of the direction of writing are shown as escapes.
 */
export function csvRows(columns: readonly string[], rows: readonly object[]): string {
  return visibleText(stringify([...rows], { columns: [...columns], escape_formulas: true }));
}

/** A line of a JSON Lines file. Overrides are JSON's own escapes, which programs read as what they stand for. */
export function jsonLine(value: unknown): string {
  return `${visibleText(JSON.stringify(value))}\n`;
}
