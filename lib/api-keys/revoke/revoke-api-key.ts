import "server-only";
import { type ApiKeyDto, type ApiKeyRow, apiKeyDto } from "@/lib/api-keys/dto";
import { keyEvent } from "@/lib/api-keys/key-label";
import { MANAGE_ANY_KEYS } from "@/lib/api-keys/kinds";
import { lockActiveKey, REVOKE_OTHERS_KEYS } from "@/lib/api-keys/lock-key";
import { readWrittenKey } from "@/lib/api-keys/read-keys";
import type { ApiKeyIdInput } from "@/lib/api-keys/schemas";
import { type AuditEvent, recordAudit } from "@/lib/audit/record";
import type { Actor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { inTransaction } from "@/lib/database/db";
import { lockMember } from "@/lib/members/lock-member";
import { noteRevoked } from "@/lib/notices/note-revoked";

/**
 * Revokes an active key permanently: the next request that presents it is rejected. With the permission to manage
 * members, this includes their personal keys.
 */
export async function revokeApiKey(actor: Actor, { id }: ApiKeyIdInput): Promise<ApiKeyDto> {
  const anyOf = [...MANAGE_ANY_KEYS, REVOKE_OTHERS_KEYS];
  authorize(actor, ...anyOf);
  return inTransaction(async (tx, now) => {
    const permissions = await lockMember(tx, actor, ...anyOf);
    const key = await lockActiveKey(tx, actor, id, { permissions, reach: "revocable", now });
    await tx.apiKey.update({ where: { id, teamId: actor.teamId }, data: { revokedAt: now }, select: { id: true } });
    await noteRevoked(tx, actor, [id]);
    await recordAudit(tx, keyEvent(actor, "api_key.revoked", key, revokedDetails(actor.memberId, key)));
    return apiKeyDto(await readWrittenKey(tx, actor, id), now);
  });
}

type RevokedKey = Pick<ApiKeyRow, "kind" | "usage"> & { member: { id: string; user: { name: string } } | null };

/**
 * The details of every audit entry for a revoked key, including the owner of another member's key. Keys revoked
 * together share a `batch`; `reason` names the change that caused the revocation.
 */
export function revokedDetails(
  actorMemberId: string,
  { kind, usage, member }: RevokedKey,
  origin: { batch?: string; reason?: string } = {},
): NonNullable<AuditEvent["details"]> {
  return {
    kind,
    last_used_at: usage?.lastUsedAt.toISOString() ?? null,
    ...(member && member.id !== actorMemberId && { owner: member.user.name }),
    ...origin,
  };
}
