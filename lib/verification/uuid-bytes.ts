export const UUID_BYTES = 16;
/** Of the text form. */
export const UUID_CHARACTERS = 36;

/** Where the two hex digits of each byte begin in the text form (RFC 9562, section 4). */
const PLACES = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];

const DIGITS = "0123456789abcdef";
/** Where a text is put together: one by one, its digits would cost ten times as much. */
const text = Buffer.alloc(UUID_CHARACTERS, "-");
const VALUES = Uint8Array.from({ length: 128 }, (_, code) => Math.max(0, DIGITS.indexOf(String.fromCharCode(code))));

/** Writes a UUID in the lower-case text form, as PostgreSQL tells it, as its 16 bytes. */
export function writeUuid(uuid: string, to: Uint8Array, start: number): void {
  for (let byte = 0; byte < UUID_BYTES; byte++) {
    const place = PLACES[byte] as number;
    const high = VALUES[uuid.charCodeAt(place)] as number;
    to[start + byte] = (high << 4) | (VALUES[uuid.charCodeAt(place + 1)] as number);
  }
}

/** The text form of a UUID's 16 bytes. */
export function uuidFrom(bytes: Uint8Array, start: number): string {
  for (let byte = 0; byte < UUID_BYTES; byte++) {
    const place = PLACES[byte] as number;
    const value = bytes[start + byte] as number;
    text[place] = DIGITS.charCodeAt(value >> 4);
    text[place + 1] = DIGITS.charCodeAt(value & 15);
  }
  return text.toString("latin1");
}
