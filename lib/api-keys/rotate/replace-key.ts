import "server-only";
import { configurationOf } from "@/lib/api-keys/columns";
import { chosenExpiry } from "@/lib/api-keys/create/chosen-expiry";
import type { CreatedApiKey } from "@/lib/api-keys/create/create-api-key";
import { defaultWithin } from "@/lib/api-keys/create/lifetimes-within";
import { type AlsoInTransaction, createdEvent, mintKey } from "@/lib/api-keys/create/mint-key";
import { type ApiKeyDto, type ApiKeyRow, apiKeyDto } from "@/lib/api-keys/dto";
import { expiryAfter } from "@/lib/api-keys/expiry";
import { grantableScopes } from "@/lib/api-keys/grantable-scopes";
import { keyLabel } from "@/lib/api-keys/key-label";
import { MANAGE_ANY_KEYS, MANAGE_KEYS } from "@/lib/api-keys/kinds";
import { lockKey } from "@/lib/api-keys/lock-key";
import { lockPeople, responsibleOr } from "@/lib/api-keys/responsible-member";
import type { ExpiryInput } from "@/lib/api-keys/schemas";
import { generateToken } from "@/lib/api-keys/token";
import { type AuditEvent, recordAudit } from "@/lib/audit/record";
import type { Actor } from "@/lib/auth/actor";
import { authorize, can } from "@/lib/auth/permissions";
import { db, inTransaction, type Transaction } from "@/lib/database/db";
import { AppError } from "@/lib/errors";
import { lockMember } from "@/lib/members/lock-member";
import { policyBreaches, readPolicy, type TeamPolicy } from "@/lib/policies/team-policy";
import { shareTeamGovernance } from "@/lib/teams/lock-team";

/** A successor and its token, once; `droppedScopes` are those of the old key that its maker may not give any more. */
export type ReplacedApiKey = CreatedApiKey & { predecessor: ApiKeyDto; droppedScopes: string[] };

/** What becomes of the old key: `data` is written to it, `details` to the audit entry about it. */
type Farewell = { data: { revokedAt?: Date; expiresAt?: Date } | null; details: NonNullable<AuditEvent["details"]> };

/** Whether a key may be replaced (it throws where not), and what becomes of it. */
export type Retire = (key: ApiKeyRow, policy: TeamPolicy, now: Date) => Farewell;

/**
 * What rotating and renewing share: a new key with the old one's configuration, and the old one's end. `retire` says
 * whether that key may be replaced, and what becomes of it. At most one key ever replaces another: that is decided
 * under the old key's lock, and a second attempt is a `conflict`.
 */
export async function replaceKey(
  actor: Actor,
  { id, expiry, scopes: wanted, allowedIps }: Replacement,
  retire: Retire,
  alsoIn?: AlsoInTransaction,
): Promise<ReplacedApiKey> {
  authorize(actor, ...MANAGE_ANY_KEYS);
  const { kind, responsibleMemberId } = await peek(actor, id);
  const { token, ...kept } = generateToken(kind);
  return inTransaction(async (tx) => {
    const now = await shareTeamGovernance(tx, actor.teamId);
    await lockPeople(tx, actor, responsibleMemberId ?? actor.memberId);
    const permissions = await lockMember(tx, actor, ...MANAGE_ANY_KEYS);
    const old = await lockKey(tx, actor, id, permissions, "managed");
    await refuseReplaced(tx, actor, old);
    const policy = await readPolicy(tx, actor.teamId);
    const { data, details } = retire(old, policy, now);
    const scopes = scopesFor(old, wanted, permissions, policy);
    const successor = await mintKey(
      tx,
      actor,
      {
        ...configurationOf(old),
        scopes,
        ...(allowedIps && { allowedIps }),
        expiresAt: expiry ? chosenExpiry(expiry, policy, now) : lifetimeLike(old, policy, now),
        responsible: old.kind === "team" ? await responsibleOr(tx, actor, old.responsibleMember?.id ?? null) : null,
        rotatedFromId: old.id,
      },
      {
        token: kept,
        policy,
        now,
        replacing: async () => data && tx.apiKey.update({ where: { id: old.id }, data, select: { id: true } }),
      },
    );
    await alsoIn?.(tx, successor.id);
    const predecessor = { ...old, ...data, rotatedTo: { id: successor.id } };
    const droppedScopes = old.scopes.filter((scope) => !scopes.includes(scope));
    await recordAudit(
      tx,
      rotatedEvent(actor, old, {
        ...details,
        ...addressChange(old, successor),
        successor: successor.id,
        successor_label: keyLabel(successor),
        droppedScopes,
      }),
      createdEvent(actor, successor, old),
    );
    return {
      key: apiKeyDto(successor, now),
      token,
      predecessor: apiKeyDto(predecessor, now),
      droppedScopes: droppedScopes.filter((scope) => wanted?.includes(scope) ?? true),
    };
  });
}

/** `scopes` are those that the successor keeps; all that its maker may give, when left out. */
type Replacement = {
  id: string;
  expiry?: ExpiryInput | undefined;
  scopes?: string[] | undefined;
  /** Those of the old key, when left out. */
  allowedIps?: string[] | undefined;
};

/** What the token and the locks depend on, read before them of what is in reach. The decision itself reads again. */
async function peek(actor: Actor, id: string): Promise<{ kind: NewTokenKind; responsibleMemberId: string | null }> {
  const key = await db.apiKey.findFirst({
    where: { id, teamId: actor.teamId, ...(can(actor, MANAGE_KEYS.team) ? {} : { memberId: actor.memberId }) },
    select: { kind: true, responsibleMemberId: true },
  });
  return key ?? { kind: "personal", responsibleMemberId: null };
}
type NewTokenKind = Parameters<typeof generateToken>[0];

async function refuseReplaced(tx: Transaction, { teamId }: Actor, old: ApiKeyRow): Promise<void> {
  if (!old.rotatedTo) return;
  const successor = await tx.apiKey.findUniqueOrThrow({
    where: { id: old.rotatedTo.id, teamId },
    select: { name: true, tokenStart: true, tokenLastFour: true },
  });
  throw new AppError("conflict", `This key has already been replaced, by the key ${keyLabel(successor)}.`);
}

/** As many of the old key's scopes, or of those to be kept, as the actor may give a key now. */
function scopesFor(
  old: ApiKeyRow,
  wanted: string[] | undefined,
  permissions: ReadonlySet<string>,
  policy: TeamPolicy,
): string[] {
  const groups = grantableScopes(old.kind, permissions, policy.memberScopes);
  const grantable = new Set(groups.flatMap((group) => group.permissions.map(({ name }) => name)));
  if (wanted?.some((scope) => !old.scopes.includes(scope))) {
    const message = "A successor can't have a scope that the key before it doesn't have.";
    throw new AppError("invalid", message, { scopes: message });
  }
  const scopes = old.scopes.filter((scope) => grantable.has(scope) && (wanted?.includes(scope) ?? true));
  if (scopes.length > 0) return scopes;
  throw new AppError("forbidden", "You can't give a key any of this key's scopes any more, so it can't be replaced.");
}

/** As long as the old key was made for; where the policy doesn't allow that any more, the policy's own lifetime. */
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

type RotatedDetails = NonNullable<AuditEvent["details"]> & { successor: string; droppedScopes: string[] };

function rotatedEvent(actor: Actor, old: ApiKeyRow, { droppedScopes, ...details }: RotatedDetails): AuditEvent {
  return {
    teamId: actor.teamId,
    action: "api_key.rotated",
    actor,
    target: { type: "api_key", id: old.id, label: old.name ?? old.tokenStart },
    details: { kind: old.kind, ...details, ...(droppedScopes.length > 0 && { dropped_scopes: droppedScopes }) },
  };
}
