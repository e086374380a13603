import "server-only";
import { createHash, randomBytes } from "node:crypto";
import { crc32 } from "node:zlib";
import { env } from "@/lib/env";

const SECRET_BYTES = 32;
const START_CHARACTERS = 4;
const CHECKSUM_CHARACTERS = 8;
const FORM = /^[a-z][a-z0-9_]{0,22}_[0-9a-f]{72}$/;

/** What is kept of a token, and the token itself: the one place where it exists in plaintext. */
export type NewToken = { token: string; tokenHash: Buffer<ArrayBuffer>; tokenStart: string; tokenLastFour: string };

const checksum = (text: string) => crc32(text).toString(16).padStart(8, "0");

/** SHA-256 of the whole token: its 256 random bits need no salt and no slow hash. */
export function hashToken(token: string): Buffer<ArrayBuffer> {
  return Buffer.from(createHash("sha256").update(token).digest());
}

/** A new secret: the prefix, 64 hex characters of 32 random bytes, 8 hex characters of the CRC-32 of all before. */
export function newSecret(prefix: string): string {
  const body = prefix + randomBytes(SECRET_BYTES).toString("hex");
  return body + checksum(body);
}

/** Makes a token of a new key. */
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
 * Whether a presented string can be a token at all. Refuses typos and garbage without a database
 * read; the checksum proves nothing about who made it. Any prefix will do, so that changing
 * `TOKEN_PREFIX_*` does not end the keys already made.
 */
export function isWellFormedToken(presented: string): boolean {
  if (!FORM.test(presented)) return false;
  const end = presented.length - CHECKSUM_CHARACTERS;
  return crc32(presented.slice(0, end)) === Number.parseInt(presented.slice(end), 16);
}
