import "server-only";
import { changeOwnKey } from "@/lib/api-keys/change-own-key";
import type { ApiKeyDto } from "@/lib/api-keys/dto";
import type { ApiKeyIdInput } from "@/lib/api-keys/schemas";
import type { Actor } from "@/lib/auth/actor";

/** Ends the actor's active key for good: the next request that presents it is refused. */
export function revokeApiKey(actor: Actor, { id }: ApiKeyIdInput): Promise<ApiKeyDto> {
  return changeOwnKey(actor, id, (key) => ({
    data: { revokedAt: new Date() },
    action: "api_key.revoked",
    details: { last_used_at: key.lastUsedAt?.toISOString() ?? null },
  }));
}
