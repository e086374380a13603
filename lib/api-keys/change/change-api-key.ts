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
import { inTransaction, type Transaction } from "@/lib/database/db";
import { lockMember } from "@/lib/members/lock-member";
import { sameSet } from "@/lib/permissions/same-set";

type KeyChange = Partial<Omit<KeyColumns, "id">> & { responsibleMemberId?: string };
type Change = { data: KeyChange; action: AuditEvent["action"]; details: NonNullable<AuditEvent["details"]> };
/** What becomes of a key; `now` is the database's clock. */
export type DecideOne = (key: ApiKeyRow, tx: Transaction, now: Date) => Change | Promise<Change>;
/** The same, or several changes that happen together and have an audit entry each. */
type Decide = DecideOne | ((key: ApiKeyRow, tx: Transaction, now: Date) => Promise<Change[]>);

/**
 * What renaming, re-dating and narrowing share: locks a key of the actor's own or of their team, lets
 * `decide` say what changes, and writes it with its audit entry. What is so already is neither written nor recorded.
 * Keys out of the actor's reach are `not_found` (see {@link lockKey}); one that is revoked or expired is a `conflict`.
 */
export async function changeApiKey(
  actor: Actor,
  id: string,
  decide: Decide,
  /** Members whom the change depends on, locked together with the actor. */
  members: string[] = [],
): Promise<ApiKeyDto> {
  authorize(actor, ...MANAGE_ANY_KEYS);
  return inTransaction(async (tx, now) => {
    await lockPeople(tx, actor, ...members);
    const permissions = await lockMember(tx, actor, ...MANAGE_ANY_KEYS);
    const key = await lockActiveKey(tx, actor, id, { permissions, reach: "managed", now });
    const changes = [await decide(key, tx, now)].flat().filter(({ data }) => alters(key, data));
    if (changes.length === 0) return apiKeyDto(key, now);
    const data = Object.assign({}, ...changes.map((change) => change.data)) as KeyChange;
    await tx.apiKey.update({ where: { id: key.id }, data, select: { id: true } });
    const changed = await readWrittenKey(tx, actor, key.id);
    const { kind } = key;
    const events = changes.map(({ action, details }) => keyEvent(actor, action, key, { kind, ...details }));
    await recordAudit(tx, ...events);
    return apiKeyDto(changed, now);
  });
}

function alters(key: ApiKeyRow, data: KeyChange): boolean {
  const before = { ...key, responsibleMemberId: key.responsibleMember?.id };
  return (Object.keys(data) as (keyof KeyChange)[]).some((field) => !isSame(before[field], data[field]));
}

/** Addresses have no order; instants are compared to the millisecond, as they are kept. */
function isSame(before: KeyChange[keyof KeyChange], after: KeyChange[keyof KeyChange]): boolean {
  if (Array.isArray(before) && Array.isArray(after)) return sameSet(before, after);
  if (before instanceof Date && after instanceof Date) return before.getTime() === after.getTime();
  return before === after;
}
