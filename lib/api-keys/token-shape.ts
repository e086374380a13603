// Not only at a word's beginning: in "Bearer%20lk_pat_…" a digit goes before. In a path the underscores may be escaped, also
// more than once: what is refused for that is logged all the same.
const SECRET = /([a-z][a-z0-9_%]{0,32}(?:_|%(?:25)*5f)[0-9a-f]{4})[0-9a-f]{20,}/gi;

/** A text in which anything of a token's shape is cut to its start, which is what the table shows and finds. */
export function withoutSecret(text: string): string {
  return text.replace(SECRET, "$1");
}

const WHOLE_TOKEN = /[a-z][a-z0-9_]{0,22}_[0-9a-f]{72}(?![0-9a-f])/;

/** The first whole token in a text, or null. */
export function wholeToken(text: string): string | null {
  return WHOLE_TOKEN.exec(text)?.[0] ?? null;
}
