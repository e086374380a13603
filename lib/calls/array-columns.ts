import { withoutSecret } from "@/lib/api-keys/token-shape";
import { UUID_BYTES } from "@/lib/verification/uuid-bytes";

/** One column of many rows as a parameter: PostgreSQL's text form of an array. For ids, codes and numbers, which need no quotes. */
export function plainColumn<Row>(rows: readonly Row[], value: (row: Row) => string | number): string {
  return `{${rows.map(value).join(",")}}`;
}

/** The same for whatever text strangers send. */
export function textColumn<Row>(rows: readonly Row[], value: (row: Row) => string | null): string {
  // In a row, many are the same.
  let [last, lastQuoted]: [string | null, string] = [null, "NULL"];
  return plainColumn(rows, (row) => {
    const text = value(row);
    if (text !== last) [last, lastQuoted] = [text, text === null ? "NULL" : quoted(text)];
    return lastQuoted;
  });
}

/** The same for lists of texts: each a text of its own, to be cast to `text[]`. */
export function listColumn<Row>(rows: readonly Row[], value: (row: Row) => readonly string[]): string {
  return plainColumn(rows, (row) => quoted(`{${value(row).map(quoted).join(",")}}`));
}

/** What has to be escaped or left out, and what every token has in it. */
const NEEDS_CARE = /["\\\0_]/;

/**
 * A token that somebody sent in the wrong place is cut to its start. A NUL, which PostgreSQL's text can't hold, can't come
 * in a header; a request over HTTP is not the only caller.
 */
function quoted(text: string): string {
  if (!NEEDS_CARE.test(text)) return `"${text}"`;
  return `"${withoutSecret(text).replaceAll("\0", "").replace(/["\\]/g, "\\$&")}"`;
}

/** The columns below are PostgreSQL's binary form of an array: cheap to write and to read. This one's ids start at places in `bytes`. */
export function uuidColumn(rows: readonly number[], bytes: Uint8Array, startOf: (row: number) => number): Buffer {
  return binaryColumn(UUID_TYPE, UUID_BYTES, rows, (buffer, place, row) => {
    const start = startOf(row);
    for (let byte = 0; byte < UUID_BYTES; byte++) buffer[place + byte] = bytes[start + byte] as number;
  });
}

export function float8Column(rows: readonly number[], value: (row: number) => number): Buffer {
  return binaryColumn(FLOAT8_TYPE, 8, rows, (buffer, place, row) => buffer.writeDoubleBE(value(row), place));
}

export function int4Column(rows: readonly number[], value: (row: number) => number): Buffer {
  return binaryColumn(INT4_TYPE, 4, rows, (buffer, place, row) => buffer.writeInt32BE(value(row), place));
}

const UUID_TYPE = 2950;
const FLOAT8_TYPE = 701;
const INT4_TYPE = 23;
const INT_BYTES = 4;

/**
 * As `array_recv` reads it: dimensions, whether there are nulls, the elements' type, length and lower bound; then each
 * element behind its length.
 */
function binaryColumn(
  type: number,
  elementBytes: number,
  rows: readonly number[],
  write: (buffer: Buffer, place: number, row: number) => void,
): Buffer {
  const head = [1, 0, type, rows.length, 1];
  const headBytes = INT_BYTES * head.length;
  const buffer = Buffer.alloc(headBytes + rows.length * (INT_BYTES + elementBytes));
  for (const [place, value] of head.entries()) buffer.writeInt32BE(value, INT_BYTES * place);
  let place = headBytes;
  for (const row of rows) {
    buffer.writeInt32BE(elementBytes, place);
    write(buffer, place + INT_BYTES, row);
    place += INT_BYTES + elementBytes;
  }
  return buffer;
}
