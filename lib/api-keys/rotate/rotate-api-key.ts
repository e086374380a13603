import "server-only";
import { z } from "zod";
import { OVERLAP_CHOICE_NAMES, overlapEnd } from "@/lib/api-keys/rotate/overlap";
import { lockReplaceable, type ReplacedApiKey, replaceKey } from "@/lib/api-keys/rotate/replace-key";
import { allowedIpsSchema, expirySchema, keyIdSchema } from "@/lib/api-keys/schemas";
import { keyStatus } from "@/lib/api-keys/status";
import type { Actor } from "@/lib/auth/actor";
import { inTransaction, type Transaction } from "@/lib/database/db";
import { AppError } from "@/lib/errors";

/** Without an overlap the team's default counts, without an expiry the lifetime of the key before, without scopes or addresses its own. */
export const rotateApiKeySchema = z.strictObject({
  id: keyIdSchema,
  /** Those of the key before that its successor keeps. */
  scopes: z.array(z.string().max(64)).min(1, "Keep at least one scope.").max(200).optional(),
  overlap: z.enum(OVERLAP_CHOICE_NAMES, "Choose how long the old token goes on working.").optional(),
  expiry: expirySchema.optional(),
  /** From where the successor may be used, instead of from where the key before may. */
  allowedIps: allowedIpsSchema.optional(),
});
export type RotateApiKeyInput = z.output<typeof rotateApiKeySchema>;

/**
 * Creates the successor of an active key, with a new token and, where nothing else is asked for, the same
 * configuration. The old token works until the overlap ends, never longer than it would have anyway. Nobody rotates
 * somebody else's personal key: they would be shown its token.
 */
export function rotateApiKey(actor: Actor, input: RotateApiKeyInput): Promise<ReplacedApiKey> {
  return inTransaction((tx) => rotateApiKeyIn(tx, actor, input));
}

/** The same in a transaction of the caller's, who adds changes that must commit together with the rotation. */
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
