import { withoutSecret } from "@/lib/api-keys/token-shape";
import { UUID_BYTES } from "@/lib/verification/uuid-bytes";

/** One column of many rows as a parameter: PostgreSQL's text form of an array. For ids, codes and numbers, which need no quotes. */
export function plainColumn<Row>(rows: readonly Row[], value: (row: Row) => string | number): string {
  return `{${rows.map(value).join(",")}}`;
}

/** The same for whatever text strangers send. */
export function textColumn<Row>(rows: readonly Row[], value: (row: Row) => string | null): string {
  return plainColumn(rows, (row) => {
    const text = value(row);
    return text === null ? "NULL" : quoted(text);
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

/** The columns below are picked from a column of all rows, and are PostgreSQL's binary form of an array: cheap to write and to read. */
export function uuidColumn(rows: readonly number[], all: Uint8Array): Buffer {
  const { buffer, elements } = binaryArray(UUID_TYPE, UUID_BYTES, rows.length);
  let place = elements;
  for (const row of rows) {
    const start = row * UUID_BYTES;
    for (let byte = 0; byte < UUID_BYTES; byte++) buffer[place + byte] = all[start + byte] as number;
    place += LENGTH_BYTES + UUID_BYTES;
  }
  return buffer;
}

export function float8Column(rows: readonly number[], all: Float64Array): Buffer {
  const { buffer, elements } = binaryArray(FLOAT8_TYPE, 8, rows.length);
  let place = elements;
  for (const row of rows) {
    buffer.writeDoubleBE(all[row] as number, place);
    place += LENGTH_BYTES + 8;
  }
  return buffer;
}

export function int4Column(rows: readonly number[], all: Int32Array): Buffer {
  const { buffer, elements } = binaryArray(INT4_TYPE, 4, rows.length);
  let place = elements;
  for (const row of rows) {
    buffer.writeInt32BE(all[row] as number, place);
    place += LENGTH_BYTES + 4;
  }
  return buffer;
}

const UUID_TYPE = 2950;
const FLOAT8_TYPE = 701;
const INT4_TYPE = 23;
const LENGTH_BYTES = 4;

/**
 * As `array_recv` reads it: dimensions, whether there are nulls, the elements' type, length and lower bound; then each
 * element behind its length, which are filled in already. `elements` is where the first one's bytes go.
 */
function binaryArray(type: number, elementBytes: number, length: number) {
  const HEAD = [1, 0, type, length, 1];
  const headBytes = 4 * HEAD.length;
  const buffer = Buffer.alloc(headBytes + length * (LENGTH_BYTES + elementBytes));
  for (const [place, value] of HEAD.entries()) buffer.writeInt32BE(value, 4 * place);
  for (let place = headBytes; place < buffer.length; place += LENGTH_BYTES + elementBytes) {
    buffer.writeInt32BE(elementBytes, place);
  }
  return { buffer, elements: headBytes + LENGTH_BYTES };
}
