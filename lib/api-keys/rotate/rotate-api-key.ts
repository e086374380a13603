import "server-only";
import { z } from "zod";
import { OVERLAP_CHOICE_NAMES, overlapEnd } from "@/lib/api-keys/rotate/overlap";
import { lockReplaceable, type ReplacedApiKey, replaceKey } from "@/lib/api-keys/rotate/replace-key";
import { allowedIpsSchema, expirySchema, keyIdSchema } from "@/lib/api-keys/schemas";
import { keyStatus } from "@/lib/api-keys/status";
import type { Actor } from "@/lib/auth/actor";
import { inTransaction, type Transaction } from "@/lib/database/db";
import { AppError } from "@/lib/errors";

/** Defaults: the team policy's overlap; the old key's lifetime, scopes and addresses. */
export const rotateApiKeySchema = z.strictObject({
  id: keyIdSchema,
  /** The old key's scopes to carry over. */
  scopes: z.array(z.string().max(64)).min(1, "Keep at least one scope.").max(200).optional(),
  overlap: z.enum(OVERLAP_CHOICE_NAMES, "Choose how long the old token keeps working.").optional(),
  expiry: expirySchema.optional(),
  /** Where the successor may be used from. */
  allowedIps: allowedIpsSchema.optional(),
});
export type RotateApiKeyInput = z.output<typeof rotateApiKeySchema>;

/**
 * Creates the successor of an active key, with a new token and, by default, the same configuration. The old token works
 * until the overlap ends, and never beyond its own expiry. Only the owner can rotate a personal key, because the
 * response contains the new token.
 */
export function rotateApiKey(actor: Actor, input: RotateApiKeyInput): Promise<ReplacedApiKey> {
  return inTransaction((tx) => rotateApiKeyIn(tx, actor, input));
}

/** The same in the caller's transaction, for changes that must commit together with the rotation. */
export async function rotateApiKeyIn(
  tx: Transaction,
  actor: Actor,
  { id, overlap, ...replacement }: RotateApiKeyInput,
): Promise<ReplacedApiKey> {
  const replaceable = await lockReplaceable(tx, actor, id);
  const { key, policy, now } = replaceable;
  const status = keyStatus(key, now);
  if (status !== "active") {
    const instead = status === "expired" ? "Renew it instead." : "Duplicate it instead.";
    throw new AppError("conflict", `This key is already ${status} and can't be rotated. ${instead}`);
  }
  const choice = overlap ?? policy.defaultOverlap;
  const end = overlapEnd(choice, now, key.expiresAt);
  const data = choice === "none" ? { revokedAt: now } : { expiresAt: end };
  const details = { overlap: choice, old_token_ends_at: end.toISOString() };
  return replaceKey(tx, actor, replaceable, replacement, { data, details });
}
