import "server-only";
import { createHash, randomBytes } from "node:crypto";

/** A new session's cookie secret, and the SHA-256 that is stored. */
export function newSessionSecret(): { secret: string; secretHash: Buffer<ArrayBuffer> } {
  const secret = randomBytes(32).toString("base64url");
  return { secret, secretHash: sessionSecretHash(secret) };
}

/** The lookup key of a session; 256 random bits need no salt or slow hash. */
export function sessionSecretHash(secret: string): Buffer<ArrayBuffer> {
  return Buffer.from(createHash("sha256").update(secret).digest());
}
