import "server-only";
import { type ApiKeyDto, apiKeyDto, apiKeySelect } from "@/lib/api-keys/dto";
import { KEY_KINDS, MANAGE_ANY_KEYS, MANAGE_KEYS } from "@/lib/api-keys/kinds";
import { keyStatus } from "@/lib/api-keys/status";
import { whereManaged } from "@/lib/api-keys/where-managed";
import type { AuditEvent } from "@/lib/audit/record";
import { recordAudit } from "@/lib/audit/record";
import type { Actor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { inTransaction, type Transaction } from "@/lib/db";
import { AppError, notFound } from "@/lib/errors";
import { lockMember } from "@/lib/members/lock-member";

type KeyBefore = { name: string | null; expiresAt: Date | null; usage: { lastUsedAt: Date } | null };
type KeyChange = { name?: string | null; expiresAt?: Date | null; revokedAt?: Date };
type Change = { data: KeyChange; action: AuditEvent["action"]; details: NonNullable<AuditEvent["details"]> };

/**
 * What renaming, re-dating and revoking share: locks a key of the actor's own or of their team, lets
 * `decide` say what changes, and writes it with its audit entry. Personal keys of others and all of
 * other teams are `not_found`; a team key without the permission for it is `forbidden`; one that is
 * revoked or expired is a `conflict`.
 */
export async function changeApiKey(actor: Actor, id: string, decide: (key: KeyBefore) => Change): Promise<ApiKeyDto> {
  authorize(actor, ...MANAGE_ANY_KEYS);
  return inTransaction(async (tx) => {
    const permissions = await lockMember(tx, actor, ...MANAGE_ANY_KEYS);
    const key = await lockActiveKey(tx, actor, id, permissions);
    const { data, action, details } = decide(key);
    const changed = await tx.apiKey.update({ where: { id: key.id }, data, select: apiKeySelect });
    await recordAudit(tx, {
      teamId: actor.teamId,
      action,
      actor,
      target: { type: "api_key", id: key.id, label: key.name ?? key.tokenStart },
      details: { kind: key.kind, ...details },
    });
    return apiKeyDto(changed, new Date());
  });
}

async function lockActiveKey(tx: Transaction, actor: Actor, id: string, permissions: ReadonlySet<string>) {
  await tx.$queryRaw`
    select 1 from api_keys
    where id = ${id}::uuid and team_id = ${actor.teamId}::uuid
      and (kind = 'team' or member_id = ${actor.memberId}::uuid)
    for no key update`;
  const key = await tx.apiKey.findFirst({
    where: { id, OR: KEY_KINDS.map((kind) => whereManaged(actor, kind)) },
    select: apiKeySelect,
  });
  if (!key) throw notFound("API key");
  // The permission for the other kind brought the actor this far.
  authorize({ permissions }, MANAGE_KEYS[key.kind]);
  const status = keyStatus(key, new Date());
  if (status !== "active") throw new AppError("conflict", `This key is already ${status} and can't be changed.`);
  return key;
}
