import "server-only";
import { createHash, randomBytes } from "node:crypto";
import { appUrl } from "@/lib/env";

const CODE = /^[\w-]{43}$/;

/** An invitation's code, which is in the link alone, and the SHA-256 that is kept of it. */
export function newCode(): { url: string; codeHash: Buffer<ArrayBuffer> } {
  const code = randomBytes(32).toString("base64url");
  return { url: `${appUrl()}/invite?code=${code}`, codeHash: hashOf(code) };
}

/** What a code from a link is looked up by; null for what can't be one. */
export function codeHashOf(code: unknown): Buffer<ArrayBuffer> | null {
  return typeof code === "string" && CODE.test(code) ? hashOf(code) : null;
}

function hashOf(code: string): Buffer<ArrayBuffer> {
  return Buffer.from(createHash("sha256").update(code).digest());
}
