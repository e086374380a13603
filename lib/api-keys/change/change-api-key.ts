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

/** A change to a key's row, and its audit entry. */
export type KeyChange = {
  data: ChangedColumns;
  action: AuditEvent["action"];
  details: NonNullable<AuditEvent["details"]>;
};

/**
 * Locks an active key for a change, and the members that the change depends on. Throws `not_found` for keys that the
 * actor can't manage, and `conflict` for a revoked or expired key.
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

/** Writes changes to a locked key, each with its audit entry. Changes without an effect are skipped. */
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

/** Addresses are unordered; times are stored, and compared, in milliseconds. */
function isSame(before: ChangedColumns[keyof ChangedColumns], after: ChangedColumns[keyof ChangedColumns]): boolean {
  if (Array.isArray(before) && Array.isArray(after)) return sameSet(before, after);
  if (before instanceof Date && after instanceof Date) return before.getTime() === after.getTime();
  return before === after;
}
