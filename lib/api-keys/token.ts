import "server-only";
import { createHash, randomBytes } from "node:crypto";
import { crc32 } from "node:zlib";
import { env } from "@/lib/env";

const SECRET_BYTES = 32;
const START_CHARACTERS = 4;
const CHECKSUM_CHARACTERS = 8;
const FORM = /^[a-z][a-z0-9_]{0,22}_[0-9a-f]{72}$/;

/** A new token in plaintext, with the parts of it that are stored. */
export type NewToken = { token: string; tokenHash: Buffer<ArrayBuffer>; tokenStart: string; tokenLastFour: string };

const checksum = (text: string) => crc32(text).toString(16).padStart(8, "0");

/** SHA-256 of the whole token. 256 random bits need neither a salt nor a slow hash. */
export function hashToken(token: string): Buffer<ArrayBuffer> {
  return Buffer.from(createHash("sha256").update(token).digest());
}

/** A new secret: the prefix, 32 random bytes as 64 hex characters, and the CRC-32 of both as 8 hex characters. */
export function newSecret(prefix: string): string {
  const body = prefix + randomBytes(SECRET_BYTES).toString("hex");
  return body + checksum(body);
}

/** Generates the token of a new key. */
export function generateToken(kind: "personal" | "team"): NewToken {
  const prefix = kind === "personal" ? env().TOKEN_PREFIX_PERSONAL : env().TOKEN_PREFIX_TEAM;
  const token = newSecret(prefix);
  return {
    token,
    tokenHash: hashToken(token),
    tokenStart: token.slice(0, prefix.length + START_CHARACTERS),
    tokenLastFour: token.slice(-4),
  };
}

/**
 * Whether a presented string can be a token. Refuses typos and garbage without a database read; the checksum proves
 * nothing about a token's origin. Accepts any prefix, so that changing `TOKEN_PREFIX_*` doesn't invalidate existing keys.
 */
export function isWellFormedToken(presented: string): boolean {
  if (!FORM.test(presented)) return false;
  const end = presented.length - CHECKSUM_CHARACTERS;
  return crc32(presented.slice(0, end)) === Number.parseInt(presented.slice(end), 16);
}
