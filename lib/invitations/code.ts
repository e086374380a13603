import "server-only";
import { createHash, randomBytes } from "node:crypto";
import { appUrl } from "@/lib/env";

/** A code; the mailed link appends, after a dot, a second secret that proves it was read in the mail. */
const CODE = /^([\w-]{43})(?:\.([\w-]{43}))?$/;

type Hash = Buffer<ArrayBuffer>;

/**
 * An invitation's links and the stored SHA-256 hashes: of the code, and of the mailed link's second secret. The inviter
 * sees the plain link, so only the mailed one proves that its user reads the address.
 */
export function newCode(): { url: string; mailedUrl: string; codeHash: Hash; mailedHash: Hash } {
  const [code, mailed] = [randomText(), randomText()];
  const url = `${appUrl()}/invite?code=${code}`;
  return { url, mailedUrl: `${url}.${mailed}`, codeHash: hashOf(code), mailedHash: hashOf(mailed) };
}

/** The lookup key for a link's code; null if malformed. */
export function codeHashOf(code: unknown): Hash | null {
  return hashOfPart(code, 1);
}

/** The hash of the mailed link's second secret; null for the plain link. */
export function mailedHashOf(code: unknown): Hash | null {
  return hashOfPart(code, 2);
}

function hashOfPart(code: unknown, part: 1 | 2): Hash | null {
  const text = typeof code === "string" ? CODE.exec(code)?.[part] : undefined;
  return text === undefined ? null : hashOf(text);
}

const randomText = () => randomBytes(32).toString("base64url");
const hashOf = (text: string): Hash => Buffer.from(createHash("sha256").update(text).digest());
