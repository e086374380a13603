/**
 * JSON with non-ASCII characters escaped (RFC 8259, section 7), so that its length in bytes equals its length in
 * characters.
 */
export function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(/[^\0-\x7f]/g, escaped);
}

const escaped = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
