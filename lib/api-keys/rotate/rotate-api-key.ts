import "server-only";
import type { AlsoInTransaction } from "@/lib/api-keys/create/mint-key";
import { overlapEnd } from "@/lib/api-keys/rotate/overlap";
import { type ReplacedApiKey, type Retire, replaceKey } from "@/lib/api-keys/rotate/replace-key";
import type { RotateApiKeyInput } from "@/lib/api-keys/schemas";
import { keyStatus } from "@/lib/api-keys/status";
import type { Actor } from "@/lib/auth/actor";
import { AppError } from "@/lib/errors";

/**
 * Makes the successor of an active key, with the same configuration, as far as nothing else is asked for, and a new token. The old token works until the
 * overlap ends, never longer than it would have anyway. Nobody rotates somebody else's personal key: they would be
 * shown its token.
 */
export function rotateApiKey(
  actor: Actor,
  { overlap, ...replacement }: RotateApiKeyInput,
  alsoIn?: AlsoInTransaction,
): Promise<ReplacedApiKey> {
  const retire: Retire = (key, policy, now) => {
    const status = keyStatus(key, now);
    if (status !== "active") {
      const instead = status === "expired" ? "Renew it instead." : "Duplicate it instead.";
      throw new AppError("conflict", `This key is already ${status} and can't be rotated. ${instead}`);
    }
    const choice = overlap ?? policy.defaultOverlap;
    const end = overlapEnd(choice, now, key.expiresAt);
    const data = choice === "none" ? { revokedAt: now } : { expiresAt: end };
    return { data, details: { overlap: choice, old_token_ends_at: end.toISOString() } };
  };
  return replaceKey(actor, replacement, retire, alsoIn);
}
