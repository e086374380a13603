import "server-only";
import { type ReplacedApiKey, replaceKey } from "@/lib/api-keys/rotate/replace-key";
import type { RenewApiKeyInput } from "@/lib/api-keys/schemas";
import { keyStatus } from "@/lib/api-keys/status";
import type { Actor } from "@/lib/auth/actor";
import { AppError } from "@/lib/errors";

/** Makes the successor of an expired key, with the same configuration and a new token; the old token stays dead. */
export function renewApiKey(actor: Actor, input: RenewApiKeyInput): Promise<ReplacedApiKey> {
  return replaceKey(actor, input, (key, _policy, now) => {
    const status = keyStatus(key, now);
    if (status === "active") throw new AppError("conflict", "This key is still active. Rotate it instead.");
    if (status === "revoked") throw new AppError("conflict", "A revoked key can't be renewed. Duplicate it instead.");
    return { data: null, details: { renewed: true } };
  });
}
