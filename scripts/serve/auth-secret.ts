import { createHmac, randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { authSecret } from "../../lib/env.ts";
import { StartError } from "../start-error.ts";

/**
 * The secret that signs sessions: generated once and stored, so that a restart signs nobody out. Throws
 * {@link StartError} if the file doesn't contain one, for instance because the disk was full when it was written.
 */
export function loadAuthSecret(dataDir: string): string {
  const path = join(dataDir, "auth-secret");
  try {
    writeFileSync(path, randomBytes(32).toString("hex"), { flag: "wx", mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  const secret = authSecret.safeParse(readFileSync(path, "utf8").trim());
  if (secret.success) return secret.data;
  throw new StartError(`${path} contains no secret: delete it to generate a new one, which signs everyone out.`);
}

/** The key with which Next encrypts arguments of server actions: the same on every console with this secret. */
export function actionsKey(secret: string): string {
  return createHmac("sha256", secret).update("latchkey: arguments of server actions").digest("base64");
}
