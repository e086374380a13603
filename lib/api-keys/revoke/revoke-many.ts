import "server-only";
import { randomUUID } from "node:crypto";
import { Prisma } from "@/generated/prisma/client";
import { keyEvent } from "@/lib/api-keys/key-label";
import { MANAGE_ANY_KEYS } from "@/lib/api-keys/kinds";
import { REVOKE_OTHERS_KEYS } from "@/lib/api-keys/lock-key";
import { authorizeRevoking } from "@/lib/api-keys/reach-keys";
import type { ApiKeyIdsInput } from "@/lib/api-keys/revoke/bulk-schemas";
import { revokedDetails } from "@/lib/api-keys/revoke/revoke-api-key";
import { type KeyStatus, keyStatus } from "@/lib/api-keys/status";
import { recordAudit } from "@/lib/audit/record";
import type { Actor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { inTransaction } from "@/lib/database/db";
import { lockRows } from "@/lib/database/locks";
import { lockMember } from "@/lib/members/lock-member";
import { noteRevoked } from "@/lib/notices/note-revoked";

export type BatchResult = {
  revoked: string[];
  /** Keys that were already revoked or expired, unchanged. */
  skipped: { id: string; label: string; status: KeyStatus }[];
};

/**
 * Revokes those of the keys that are active, in one transaction, each with its audit entry; the entries share a `batch`.
 * Throws, and revokes nothing, unless the actor may revoke every one of the keys.
 */
export async function revokeMany(actor: Actor, { ids }: ApiKeyIdsInput): Promise<BatchResult> {
  const anyOf = [...MANAGE_ANY_KEYS, REVOKE_OTHERS_KEYS];
  authorize(actor, ...anyOf);
  return inTransaction(async (tx, now) => {
    const permissions = await lockMember(tx, actor, ...anyOf);
    await lockRows(tx, "api_keys", Prisma.sql`id = any(${ids}::uuid[]) and team_id = ${actor.teamId}::uuid`);
    const keys = await tx.apiKey.findMany({
      where: { id: { in: ids }, teamId: actor.teamId },
      orderBy: { id: "asc" },
      select: {
        id: true,
        kind: true,
        memberId: true,
        name: true,
        tokenStart: true,
        expiresAt: true,
        revokedAt: true,
        usage: { select: { lastUsedAt: true } },
        member: { select: { id: true, user: { select: { name: true } } } },
      },
    });
    authorizeRevoking(actor, permissions, ids, keys);
    const all = keys.map((key) => ({ ...key, label: key.name ?? key.tokenStart, status: keyStatus(key, now) }));
    const active = all.filter(({ status }) => status === "active");
    const revoked = active.map(({ id }) => id);
    if (revoked.length > 0) {
      await tx.apiKey.updateMany({ where: { id: { in: revoked }, teamId: actor.teamId }, data: { revokedAt: now } });
      await noteRevoked(tx, actor, revoked);
      const batch = randomUUID();
      const eventOf = (key: (typeof active)[number]) =>
        keyEvent(actor, "api_key.revoked", key, revokedDetails(actor.memberId, key, { batch }));
      await recordAudit(tx, ...active.map(eventOf));
    }
    return {
      revoked,
      skipped: all.flatMap(({ id, label, status }) => (status === "active" ? [] : [{ id, label, status }])),
    };
  });
}
