import { withoutSecret } from "@/lib/api-keys/token-shape";

/** One column of many rows as a parameter: PostgreSQL's text form of an array. For ids, codes and numbers, which need no quotes. */
export function plainColumn<Row>(rows: readonly Row[], value: (row: Row) => string | number): string {
  return `{${rows.map(value).join(",")}}`;
}

/** The same for text that comes from outside. */
export function textColumn<Row>(rows: readonly Row[], value: (row: Row) => string | null): string {
  // Many in succession are the same.
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

/** What has to be escaped or left out, and what every token has in it: an underscore, as it is or escaped for a URL. */
const NEEDS_CARE = /["\\\0_%]/;

/**
 * A token that somebody sent in the wrong place is cut to its start. A NUL, which PostgreSQL's text can't hold, can't come
 * in a header; a request over HTTP is not the only caller.
 */
function quoted(text: string): string {
  if (!NEEDS_CARE.test(text)) return `"${text}"`;
  return `"${withoutSecret(text).replaceAll("\0", "").replace(/["\\]/g, "\\$&")}"`;
}
