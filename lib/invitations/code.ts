import "server-only";
import { createHash, randomBytes } from "node:crypto";
import { appUrl } from "@/lib/env";

/** A code, and behind a dot in the mailed link what proves that it was read there. */
const CODE = /^([\w-]{43})(?:\.([\w-]{43}))?$/;

type Hash = Buffer<ArrayBuffer>;

/**
 * An invitation's links and what is kept of them: the SHA-256 of the code, and of what the mailed link has beyond it.
 * Whoever invites sees the plain link, so only the mailed one shows that somebody reads the address.
 */
export function newCode(): { url: string; mailedUrl: string; codeHash: Hash; mailedHash: Hash } {
  const [code, mailed] = [randomText(), randomText()];
  const url = `${appUrl()}/invite?code=${code}`;
  return { url, mailedUrl: `${url}.${mailed}`, codeHash: hashOf(code), mailedHash: hashOf(mailed) };
}

/** What a code from a link is looked up by; null for what can't be one. */
export function codeHashOf(code: unknown): Hash | null {
  return hashOfPart(code, 1);
}

/** The hash of what only the mailed link has; null for the link that whoever invites sees. */
export function mailedHashOf(code: unknown): Hash | null {
  return hashOfPart(code, 2);
}

function hashOfPart(code: unknown, part: 1 | 2): Hash | null {
  const text = typeof code === "string" ? CODE.exec(code)?.[part] : undefined;
  return text === undefined ? null : hashOf(text);
}

const randomText = () => randomBytes(32).toString("base64url");
const hashOf = (text: string): Hash => Buffer.from(createHash("sha256").update(text).digest());
