import "server-only";
import { configurationOf } from "@/lib/api-keys/columns";
import { type CreatedApiKey, createdEvent, insertKey } from "@/lib/api-keys/create/create-api-key";
import { defaultWithin } from "@/lib/api-keys/create/lifetimes-within";
import { checkQuota, chosenExpiry, countTowardsQuota } from "@/lib/api-keys/create/new-key-rules";
import { type ApiKeyDto, type ApiKeyRow, apiKeyDto } from "@/lib/api-keys/dto";
import { expiryAfter } from "@/lib/api-keys/expiry";
import { grantableScopes } from "@/lib/api-keys/grantable-scopes";
import { keyEvent, keyLabel } from "@/lib/api-keys/key-label";
import { MANAGE_ANY_KEYS, MANAGE_KEYS } from "@/lib/api-keys/kinds";
import { lockKey } from "@/lib/api-keys/lock-key";
import { readWrittenKey } from "@/lib/api-keys/read-keys";
import { lockPeople, responsibleOr } from "@/lib/api-keys/responsible-member";
import type { ExpiryInput } from "@/lib/api-keys/schemas";
import { type AuditEvent, recordAudit } from "@/lib/audit/record";
import type { Actor } from "@/lib/auth/actor";
import { authorize, can } from "@/lib/auth/permissions";
import type { Transaction } from "@/lib/database/db";
import { AppError } from "@/lib/errors";
import { lockMember } from "@/lib/members/lock-member";
import { noteRevoked } from "@/lib/notices/note-revoked";
import { enforcePolicy, policyBreaches, readPolicy, type TeamPolicy } from "@/lib/policies/team-policy";
import { shareTeamGovernance } from "@/lib/teams/lock-team";

/** A successor and its token; `droppedScopes` are the old key's scopes that the actor can no longer grant. */
export type ReplacedApiKey = CreatedApiKey & { predecessor: ApiKeyDto; droppedScopes: string[] };

/** A key locked for replacement, and what its successor is checked against. */
type Replaceable = { key: ApiKeyRow; policy: TeamPolicy; permissions: ReadonlySet<string>; now: Date };

/**
 * Locks a key for replacement. A key has at most one successor: a concurrent attempt waits here for the first one, and
 * then throws `conflict`.
 */
export async function lockReplaceable(tx: Transaction, actor: Actor, id: string): Promise<Replaceable> {
  authorize(actor, ...MANAGE_ANY_KEYS);
  const responsibleMemberId = await readResponsible(tx, actor, id);
  const now = await shareTeamGovernance(tx, actor.teamId);
  await lockPeople(tx, actor, responsibleMemberId ?? actor.memberId);
  const permissions = await lockMember(tx, actor, ...MANAGE_ANY_KEYS);
  const key = await lockKey(tx, actor, id, permissions, "managed");
  await refuseReplaced(tx, actor, key);
  return { key, policy: await readPolicy(tx, actor.teamId), permissions, now };
}

/** `scopes` are the ones to carry over. Default: all that the actor can grant. */
type Replacement = {
  expiry?: ExpiryInput | undefined;
  scopes?: string[] | undefined;
  /** Default: the old key's. */
  allowedIps?: string[] | undefined;
};

/** The end of the old key: `data` is written to its row, `details` to its audit entry. */
type Ending = { data: { revokedAt?: Date; expiresAt?: Date } | null; details: NonNullable<AuditEvent["details"]> };

/** Creates the successor of a key that {@link lockReplaceable} locked, with a new token, and ends the old key. */
export async function replaceKey(
  tx: Transaction,
  actor: Actor,
  { key: old, policy, permissions, now }: Replaceable,
  { expiry, scopes: wanted, allowedIps }: Replacement,
  { data, details }: Ending,
): Promise<ReplacedApiKey> {
  const { kind } = old;
  const scopes = scopesFor(old, wanted, permissions, policy);
  const expiresAt = expiry ? chosenExpiry(expiry, policy, now) : lifetimeLike(old, policy, now);
  const terms = { ...configurationOf(old), scopes, ...(allowedIps && { allowedIps }), createdAt: now, expiresAt };
  enforcePolicy(policy, terms);
  const responsible = kind === "team" ? await responsibleOr(tx, actor, old.responsibleMember?.id ?? null) : null;
  const before = kind === "personal" ? await countTowardsQuota(tx, actor, now) : 0;
  if (data) await tx.apiKey.update({ where: { id: old.id }, data, select: { id: true } });
  if (data?.revokedAt) await noteRevoked(tx, actor, [old.id]);
  const links = { responsibleMemberId: responsible?.id ?? null, rotatedFromId: old.id };
  const { row: successor, token } = await insertKey(tx, actor, { ...terms, ...links });
  if (kind === "personal") checkQuota(policy, { before, after: await countTowardsQuota(tx, actor, now) });
  const droppedScopes = old.scopes.filter((scope) => !scopes.includes(scope));
  await recordAudit(
    tx,
    rotatedEvent(actor, old, successor, { ...details, ...addressChange(old, successor) }, droppedScopes),
    createdEvent(actor, successor, old),
  );
  return {
    key: apiKeyDto(successor, now),
    token,
    predecessor: apiKeyDto(await readWrittenKey(tx, actor, old.id), now),
    droppedScopes: droppedScopes.filter((scope) => wanted?.includes(scope) ?? true),
  };
}

/** The responsible member, who must be locked before the key. Read without a lock; decisions use a later read. */
async function readResponsible(tx: Transaction, actor: Actor, id: string): Promise<string | null> {
  const key = await tx.apiKey.findFirst({
    where: { id, teamId: actor.teamId, ...(can(actor, MANAGE_KEYS.team) ? {} : { memberId: actor.memberId }) },
    select: { responsibleMemberId: true },
  });
  return key?.responsibleMemberId ?? null;
}

async function refuseReplaced(tx: Transaction, { teamId }: Actor, old: ApiKeyRow): Promise<void> {
  if (!old.rotatedTo) return;
  const successor = await tx.apiKey.findUniqueOrThrow({
    where: { id: old.rotatedTo.id, teamId },
    select: { name: true, tokenStart: true, tokenLastFour: true },
  });
  throw new AppError("conflict", `This key has already been replaced by ${keyLabel(successor)}.`);
}

/** The old key's scopes, or the wanted ones of them, that the actor can grant now. */
function scopesFor(
  old: ApiKeyRow,
  wanted: string[] | undefined,
  permissions: ReadonlySet<string>,
  policy: TeamPolicy,
): string[] {
  const groups = grantableScopes(old.kind, permissions, policy.memberScopes);
  const grantable = new Set(groups.flatMap((group) => group.permissions.map(({ name }) => name)));
  if (wanted?.some((scope) => !old.scopes.includes(scope))) {
    const message = "The new key can only have scopes of the old key.";
    throw new AppError("invalid", message, { scopes: message });
  }
  const scopes = old.scopes.filter((scope) => grantable.has(scope) && (wanted?.includes(scope) ?? true));
  if (scopes.length > 0) return scopes;
  throw new AppError("forbidden", "You can no longer grant any of this key's scopes, so it can't be replaced.");
}

/** The old key's lifetime, or the policy's default if that is no longer allowed. */
function lifetimeLike(old: ApiKeyRow, policy: TeamPolicy, now: Date): Date | null {
  const { createdAt, expiresAt } = old;
  const like = expiresAt && new Date(now.getTime() + expiresAt.getTime() - createdAt.getTime());
  const breaches = policyBreaches(policy, { ...old, createdAt: now, expiresAt: like });
  return breaches.expiry === undefined ? like : expiryAfter(defaultWithin(policy, now), now);
}

function addressChange({ allowedIps: from }: ApiKeyRow, { allowedIps: to }: ApiKeyRow): { allowed_ips?: object } {
  const isSame = from.length === to.length && from.every((range) => to.includes(range));
  return isSame ? {} : { allowed_ips: { from, to } };
}

function rotatedEvent(
  actor: Actor,
  old: ApiKeyRow,
  successor: ApiKeyRow,
  details: NonNullable<AuditEvent["details"]>,
  droppedScopes: string[],
): AuditEvent {
  return keyEvent(actor, "api_key.rotated", old, {
    kind: old.kind,
    ...details,
    successor: successor.id,
    successor_label: keyLabel(successor),
    ...(droppedScopes.length > 0 && { dropped_scopes: droppedScopes }),
  });
}
