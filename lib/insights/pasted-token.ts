import { withoutSecret } from "@/lib/api-keys/token-shape";

/**
 * The kind of pasted input. `token`: complete, with a correct checksum. `mistyped` and `incomplete`: malformed tokens.
 * Of these three, only the hash of a complete one may leave the browser.
 */
export type Pasted =
  | { kind: "token"; token: string }
  | { kind: "mistyped" | "incomplete" | "nothing" }
  | { kind: "text"; text: string };

const WHOLE = /^[a-z][a-z0-9_]{0,22}_[0-9a-f]{72}$/;
/** More digits than any ID: probably a secret without its prefix. */
const LONG_HEX = /[0-9a-f]{65,}/i;
/** Text around a token copied from a header, a .env file or code. */
const WRAPPING = /^(?:authorization:\s*)?(?:bearer\s+)?["'`]?|["'`;,]+$/gi;

/** Recognizes tokens and detects typos, without a request. */
export function readPasted(input: string): Pasted {
  const text = input.trim();
  if (text === "") return { kind: "nothing" };
  const bare = text.replace(WRAPPING, "").trim();
  if (WHOLE.test(bare)) return hasRightChecksum(bare) ? { kind: "token", token: bare } : { kind: "mistyped" };
  if (withoutSecret(text) !== text || LONG_HEX.test(text)) return { kind: "incomplete" };
  return { kind: "text", text };
}

const CHECKSUM_CHARACTERS = 8;

function hasRightChecksum(token: string): boolean {
  const end = token.length - CHECKSUM_CHARACTERS;
  return crc32(token.slice(0, end)) === Number.parseInt(token.slice(end), 16);
}

/** CRC-32 (ISO 3309) of ASCII text, which browsers don't provide. */
function crc32(text: string): number {
  let crc = 0xffffffff;
  for (let place = 0; place < text.length; place++) {
    crc ^= text.charCodeAt(place);
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

/** The SHA-256 of a token in hex, the only part that is sent. Null if the browser can't compute it. */
export async function sha256Hex(token: string): Promise<string | null> {
  // Missing over http:// except on localhost, whatever the types say.
  const subtle: SubtleCrypto | undefined = globalThis.crypto?.subtle;
  if (!subtle) return null;
  const digest = await subtle.digest("SHA-256", new TextEncoder().encode(token));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
