/**
 * JSON as RFC 8259, section 7, also allows it: what is not ASCII is escaped. So there are as many bytes as characters, and
 * nobody has to count them.
 */
export function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(/[^\0-\x7f]/g, escaped);
}

const escaped = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
