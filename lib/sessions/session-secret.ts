import "server-only";
import { createHash, randomBytes } from "node:crypto";

/** What the cookie of a new session carries, and the SHA-256 that is kept of it. */
export function newSessionSecret(): { secret: string; secretHash: Buffer<ArrayBuffer> } {
  const secret = randomBytes(32).toString("base64url");
  return { secret, secretHash: sessionSecretHash(secret) };
}

/** What a session is looked up by; the 256 random bits need no salt and no slow hash. */
export function sessionSecretHash(secret: string): Buffer<ArrayBuffer> {
  return Buffer.from(createHash("sha256").update(secret).digest());
}
