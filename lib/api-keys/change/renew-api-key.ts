import "server-only";
import { z } from "zod";
import { lockReplaceable, type ReplacedApiKey, replaceKey } from "@/lib/api-keys/rotate/replace-key";
import { allowedIpsSchema, expirySchema, keyIdSchema } from "@/lib/api-keys/schemas";
import { keyStatus } from "@/lib/api-keys/status";
import type { Actor } from "@/lib/auth/actor";
import { inTransaction } from "@/lib/database/db";
import { AppError } from "@/lib/errors";

export const renewApiKeySchema = z.strictObject({
  id: keyIdSchema,
  expiry: expirySchema.optional(),
  allowedIps: allowedIpsSchema.optional(),
});
export type RenewApiKeyInput = z.output<typeof renewApiKeySchema>;

/** Creates the successor of an expired key, with the same configuration and a new token; the old token stays expired. */
export function renewApiKey(actor: Actor, { id, ...replacement }: RenewApiKeyInput): Promise<ReplacedApiKey> {
  return inTransaction(async (tx) => {
    const replaceable = await lockReplaceable(tx, actor, id);
    const status = keyStatus(replaceable.key, replaceable.now);
    if (status === "active") throw new AppError("conflict", "This key is still active. Rotate it instead.");
    if (status === "revoked") throw new AppError("conflict", "A revoked key can't be renewed. Duplicate it instead.");
    return replaceKey(tx, actor, replaceable, replacement, { data: null, details: { renewed: true } });
  });
}
