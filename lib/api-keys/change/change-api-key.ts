import "server-only";
import type { KeyColumns } from "@/lib/api-keys/columns";
import { type ApiKeyDto, type ApiKeyRow, apiKeyDto } from "@/lib/api-keys/dto";
import { keyEvent } from "@/lib/api-keys/key-label";
import { MANAGE_ANY_KEYS } from "@/lib/api-keys/kinds";
import { lockActiveKey } from "@/lib/api-keys/lock-key";
import { readWrittenKey } from "@/lib/api-keys/read-keys";
import { lockPeople } from "@/lib/api-keys/responsible-member";
import { type AuditEvent, recordAudit } from "@/lib/audit/record";
import type { Actor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import type { Transaction } from "@/lib/database/db";
import { lockMember } from "@/lib/members/lock-member";
import { sameSet } from "@/lib/permissions/same-set";

type ChangedColumns = Partial<Omit<KeyColumns, "id">> & { responsibleMemberId?: string };

/** What is to be written of a key, and what its audit entry says. */
export type KeyChange = {
  data: ChangedColumns;
  action: AuditEvent["action"];
  details: NonNullable<AuditEvent["details"]>;
};

/**
 * Locks a key of the actor's own or of their team that is to be changed, with the members whom the change depends on.
 * Keys out of the actor's reach are `not_found` (see {@link lockKey}); one that is revoked or expired is a `conflict`.
 */
export async function lockForChange(
  tx: Transaction,
  actor: Actor,
  id: string,
  now: Date,
  ...members: string[]
): Promise<ApiKeyRow> {
  authorize(actor, ...MANAGE_ANY_KEYS);
  await lockPeople(tx, actor, ...members);
  const permissions = await lockMember(tx, actor, ...MANAGE_ANY_KEYS);
  return lockActiveKey(tx, actor, id, { permissions, reach: "managed", now });
}

/** Writes changes of a locked key, each with its audit entry. What is so already is neither written nor recorded. */
export async function writeChanges(
  tx: Transaction,
  actor: Actor,
  key: ApiKeyRow,
  now: Date,
  ...wanted: KeyChange[]
): Promise<ApiKeyDto> {
  const changes = wanted.filter(({ data }) => alters(key, data));
  if (changes.length === 0) return apiKeyDto(key, now);
  const data: ChangedColumns = Object.assign({}, ...changes.map((change) => change.data));
  await tx.apiKey.update({ where: { id: key.id, teamId: actor.teamId }, data, select: { id: true } });
  const { kind } = key;
  const events = changes.map(({ action, details }) => keyEvent(actor, action, key, { kind, ...details }));
  await recordAudit(tx, ...events);
  return apiKeyDto(await readWrittenKey(tx, actor, key.id), now);
}

function alters(key: ApiKeyRow, data: ChangedColumns): boolean {
  const before = { ...key, responsibleMemberId: key.responsibleMember?.id };
  return (Object.keys(data) as (keyof ChangedColumns)[]).some((field) => !isSame(before[field], data[field]));
}

/** Addresses have no order; instants are compared to the millisecond, as they are kept. */
function isSame(before: ChangedColumns[keyof ChangedColumns], after: ChangedColumns[keyof ChangedColumns]): boolean {
  if (Array.isArray(before) && Array.isArray(after)) return sameSet(before, after);
  if (before instanceof Date && after instanceof Date) return before.getTime() === after.getTime();
  return before === after;
}
