import "server-only";
import { changeApiKey } from "@/lib/api-keys/change/change-api-key";
import type { ApiKeyDto } from "@/lib/api-keys/dto";
import { revokedDetails } from "@/lib/api-keys/revoke/revoked-details";
import type { ApiKeyIdInput } from "@/lib/api-keys/schemas";
import type { Actor } from "@/lib/auth/actor";

/**
 * Ends an active key for good: the next request that presents it is refused. Whoever manages members may do so with
 * any key of the team's members, too.
 */
export function revokeApiKey(actor: Actor, { id }: ApiKeyIdInput): Promise<ApiKeyDto> {
  return changeApiKey(
    actor,
    id,
    (key, _tx, now) => ({
      data: { revokedAt: now },
      action: "api_key.revoked",
      details: revokedDetails(actor.memberId, key),
    }),
    { reach: "revocable" },
  );
}
