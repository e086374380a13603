import { withoutSecret } from "@/lib/api-keys/token-shape";

/**
 * What somebody typed or pasted to ask about. `token`: a whole one whose checksum fits. `mistyped` and `incomplete`: a
 * token that can't be one as it stands. Of these three nothing may be sent but the hash of a whole one.
 */
export type Pasted =
  | { kind: "token"; token: string }
  | { kind: "mistyped" | "incomplete" | "nothing" }
  | { kind: "text"; text: string };

const WHOLE = /^[a-z][a-z0-9_]{0,22}_[0-9a-f]{72}$/;
/** More digits than any id has: the better part of a secret without its prefix. */
const LONG_HEX = /[0-9a-f]{65,}/i;
/** What comes along with a token that is copied from a header, a .env file or code. */
const WRAPPING = /^(?:authorization:\s*)?(?:bearer\s+)?["'`]?|["'`;,]+$/gi;

/** Tells a token from everything else, and a good one from a typo, without asking anybody. */
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

/** CRC-32 (ISO 3309) of ASCII, for the browser, which has none. */
function crc32(text: string): number {
  let crc = 0xffffffff;
  for (let place = 0; place < text.length; place++) {
    crc ^= text.charCodeAt(place);
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

/** The SHA-256 of a token in hex: all that is ever sent of it. Null where the browser can't compute it. */
export async function sha256Hex(token: string): Promise<string | null> {
  // Missing on http:// anywhere but on localhost, whatever the types say.
  const subtle: SubtleCrypto | undefined = globalThis.crypto?.subtle;
  if (!subtle) return null;
  const digest = await subtle.digest("SHA-256", new TextEncoder().encode(token));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
