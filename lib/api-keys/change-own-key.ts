import "server-only";
import { type ApiKeyDto, apiKeyDto, apiKeySelect } from "@/lib/api-keys/dto";
import { keyStatus } from "@/lib/api-keys/status";
import type { AuditEvent } from "@/lib/audit/record";
import { recordAudit } from "@/lib/audit/record";
import type { Actor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { db, type Transaction } from "@/lib/db";
import { AppError, notFound } from "@/lib/errors";
import { lockMember } from "@/lib/members/lock-member";

type OwnKey = { id: string; name: string | null; tokenStart: string; expiresAt: Date | null; lastUsedAt: Date | null };
type KeyChange = { name?: string | null; expiresAt?: Date | null; revokedAt?: Date };
type Change = { data: KeyChange; action: AuditEvent["action"]; details: NonNullable<AuditEvent["details"]> };

/**
 * What renaming, re-dating and revoking share: locks the actor's key, lets `decide` say what
 * changes, and writes it with its audit entry. Keys of others and of other teams are `not_found`;
 * one that is revoked or expired is a `conflict`.
 */
export async function changeOwnKey(actor: Actor, id: string, decide: (key: OwnKey) => Change): Promise<ApiKeyDto> {
  authorize(actor, "developer.manage_tokens");
  return db.$transaction(async (tx) => {
    await lockMember(tx, actor, "developer.manage_tokens");
    const key = await lockActiveKey(tx, actor, id);
    const { data, action, details } = decide(key);
    const changed = await tx.apiKey.update({ where: { id: key.id }, data, select: apiKeySelect });
    await recordAudit(tx, {
      teamId: actor.teamId,
      action,
      actor,
      target: { type: "api_key", id: key.id, label: key.name ?? key.tokenStart },
      details,
    });
    return apiKeyDto(changed, new Date());
  });
}

async function lockActiveKey(tx: Transaction, actor: Actor, id: string): Promise<OwnKey> {
  await tx.$queryRaw`
    select 1 from api_keys where id = ${id}::uuid and member_id = ${actor.memberId}::uuid for no key update`;
  const key = await tx.apiKey.findFirst({
    where: { id, teamId: actor.teamId, memberId: actor.memberId, kind: "personal" },
    select: { id: true, name: true, tokenStart: true, expiresAt: true, lastUsedAt: true, revokedAt: true },
  });
  if (!key) throw notFound("API key");
  const status = keyStatus(key, new Date());
  if (status !== "active") throw new AppError("conflict", `This key is already ${status} and can't be changed.`);
  return key;
}
