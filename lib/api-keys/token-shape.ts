// Not anchored to a word boundary: in "Bearer%20lk_pat_…" a digit precedes the token. Underscores in a path may be escaped,
// even repeatedly: such a request is refused, but its path is logged.
const SECRET = /([a-z][a-z0-9_%]{0,32}(?:_|%(?:25)*5f)[0-9a-f]{4})[0-9a-f]{20,}/gi;

/** The text with anything that looks like a token truncated to its start, which the keys table shows and can find. */
export function withoutSecret(text: string): string {
  return text.replace(SECRET, "$1");
}

const WHOLE_TOKEN = /[a-z][a-z0-9_]{0,22}_[0-9a-f]{72}(?![0-9a-f])/;

/** The first whole token in a text, or null. */
export function wholeToken(text: string): string | null {
  return WHOLE_TOKEN.exec(text)?.[0] ?? null;
}
