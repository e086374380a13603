import "server-only";
import { z } from "zod";
import { type KeyChange, lockForChange, writeChanges } from "@/lib/api-keys/change/change-api-key";
import { chosenExpiry } from "@/lib/api-keys/create/new-key-rules";
import type { ApiKeyDto, ApiKeyRow } from "@/lib/api-keys/dto";
import { type ExpiryInput, expirySchema, keyIdSchema } from "@/lib/api-keys/schemas";
import type { Actor } from "@/lib/auth/actor";
import { inTransaction, type Transaction } from "@/lib/database/db";
import { AppError } from "@/lib/errors";
import { policyBreaches, readPolicy, type TeamPolicy } from "@/lib/policies/team-policy";

export const changeExpirySchema = z.strictObject({ id: keyIdSchema, expiry: expirySchema });
export type ChangeExpiryInput = z.output<typeof changeExpirySchema>;

/**
 * Changes the expiry of an active key; a chosen lifetime counts from now. Throws `invalid` if the team's policy doesn't
 * allow it, and `conflict` for a replaced key, whose overlap must not be extended.
 */
export function changeExpiry(actor: Actor, { id, expiry }: ChangeExpiryInput): Promise<ApiKeyDto> {
  return inTransaction(async (tx, now) => {
    const key = await lockForChange(tx, actor, id, now);
    return writeChanges(tx, actor, key, now, await expiryChange(tx, actor, key, expiry, now));
  });
}

export async function expiryChange(
  tx: Transaction,
  actor: Actor,
  key: ApiKeyRow,
  expiry: ExpiryInput,
  now: Date,
): Promise<KeyChange> {
  const policy = await readPolicy(tx, actor.teamId);
  const expiresAt = chosenExpiry(expiry, policy, now);
  const details = { from: key.expiresAt?.toISOString() ?? null, to: expiresAt?.toISOString() ?? null };
  if (details.from !== details.to) checkExpiry(policy, key, expiresAt, now);
  return { data: { expiresAt }, action: "api_key.expiry_changed", details };
}

/**
 * A policy's longest lifetime counts from the key's creation, or repeated changes would bypass it. A key from before the
 * policy may already be older than that, so that its life can be shortened, an earlier expiry counts from now.
 */
function checkExpiry(policy: TeamPolicy, key: ApiKeyRow, expiresAt: Date | null, now: Date): void {
  if (key.rotatedTo) {
    throw new AppError(
      "conflict",
      "This key has been replaced and stops with its grace period. Change the new key's expiration.",
    );
  }
  const isEarlier = expiresAt !== null && (key.expiresAt === null || expiresAt <= key.expiresAt);
  const breaches = policyBreaches(policy, { ...key, expiresAt, createdAt: isEarlier ? now : key.createdAt });
  if (breaches.expiry) throw new AppError("invalid", breaches.expiry, { expiry: breaches.expiry });
}
