import "server-only";
import { Prisma } from "@/generated/prisma/client";
import { responsibleDetails } from "@/lib/api-keys/change/change-responsible";
import { columnSelect, configurationOf } from "@/lib/api-keys/columns";
import { defaultWithin } from "@/lib/api-keys/create/lifetimes-within";
import { checkScopes } from "@/lib/api-keys/create/new-key-rules";
import { expiryAfter } from "@/lib/api-keys/expiry";
import { revokedDetails } from "@/lib/api-keys/revoke/revoke-api-key";
import { sqlActive } from "@/lib/api-keys/status";
import { generateToken } from "@/lib/api-keys/token";
import type { AuditEvent } from "@/lib/audit/record";
import { authorize, permissionsOf } from "@/lib/auth/permissions";
import type { Transaction } from "@/lib/database/db";
import { lockRows } from "@/lib/database/locks";
import { AppError } from "@/lib/errors";
import type { KeyFate } from "@/lib/members/key-fates";
import type { LockedMember } from "@/lib/members/lock-actor";
import type { RemoveMemberInput } from "@/lib/members/schemas";
import { type KeyTerms, policyBreaches, readPolicy, type TeamPolicy } from "@/lib/policies/team-policy";

/** A team key that replaced a personal one, with its token in plaintext: returned once, never stored. */
export type NewTeamToken = { keyId: string; label: string; token: string };

type Event = Omit<AuditEvent, "teamId" | "actor">;
type Leaving = { teamId: string; self: LockedMember; target: LockedMember; now: Date; policy: TeamPolicy };
type Handed = { token?: NewTeamToken; events: Event[] };
/** The outcome for one of the member's keys. */
export type SettledKey = { label: string; fate: KeyFate };
type Outcome = { tokens: NewTeamToken[]; revoked: number; handedOver: number; keys: SettledKey[]; events: Event[] };

/**
 * Ends the personal keys of a leaving member: each is revoked or converted to a team key, as chosen. The actor takes
 * over the team keys they were responsible for. Runs in the removal's transaction, with both members locked.
 */
export async function handOverKeys(
  tx: Transaction,
  people: { teamId: string; self: LockedMember; target: LockedMember; now: Date },
  input: RemoveMemberInput,
): Promise<Outcome> {
  const { teamId, self, target, now } = people;
  await lockKeys(tx, teamId, target.id);
  const keys = await readActiveKeys(tx, teamId, target.id, now);
  refuseUnlisted(keys, input, target);
  checkChoices(keys, input, self);
  const leaving = { ...people, policy: await readPolicy(tx, teamId) };
  const fates = new Map(input.keys.map(({ id, fate }) => [id, fate]));
  const outcome: Outcome = { tokens: [], revoked: 0, handedOver: 0, keys: [], events: [] };
  for (const key of keys) {
    const fate = fates.get(key.id) ?? "revoke";
    const { token, events } = await FATES[fate](tx, key, leaving);
    outcome[fate === "revoke" ? "revoked" : "handedOver"]++;
    outcome.keys.push({ label: labelOf(key), fate });
    outcome.events.push(...events);
    if (token) outcome.tokens.push(token);
  }
  outcome.events.push(...(await takeOverResponsibility(tx, teamId, self, target)));
  return outcome;
}

async function takeOverResponsibility(
  tx: Transaction,
  teamId: string,
  self: LockedMember,
  target: LockedMember,
): Promise<Event[]> {
  const where = { teamId, responsibleMemberId: target.id, revokedAt: null };
  const select = { id: true, kind: true, name: true, tokenStart: true } as const;
  const keys = await tx.apiKey.findMany({ where, orderBy: { id: "asc" }, select });
  await tx.apiKey.updateMany({ where, data: { responsibleMemberId: self.id } });
  return keys.map(({ kind, ...key }) => {
    const details = { kind, ...responsibleDetails(target.user.name, self.user.name), reason: "member removed" };
    return keyEvent("api_key.responsible_changed", key, details);
  });
}

const FATES: Record<KeyFate, (tx: Transaction, key: Key, leaving: Leaving) => Promise<Handed>> = {
  async revoke(tx, key, leaving) {
    await endKey(tx, key, leaving.now);
    return { events: [revokedEvent(key, leaving, "member removed")] };
  },

  async new_token(tx, key, leaving) {
    const scopes = scopesToHandOver(key, leaving);
    const { id, token } = await replaceByTeamKey(tx, key, scopes, leaving);
    const details = { ...handedOver(key, scopes, leaving), token: "new" };
    return {
      token: { keyId: id, label: labelOf(key), token },
      events: [
        revokedEvent(key, leaving, "converted to a team key"),
        keyEvent("api_key.handed_over", { ...key, id }, details),
      ],
    };
  },

  async same_token(tx, key, leaving) {
    const scopes = scopesToHandOver(key, leaving);
    const responsibleMemberId = leaving.self.id;
    await tx.apiKey.update({
      where: { id: key.id },
      data: { kind: "team", memberId: null, responsibleMemberId, scopes },
      select: { id: true },
    });
    const details = { ...handedOver(key, scopes, leaving), token: "kept" };
    return { events: [keyEvent("api_key.handed_over", key, details)] };
  },
};

function revokedEvent(key: Key, { self, target }: Leaving, reason: string): Event {
  const owned = { ...key, kind: "personal" as const, member: target };
  return keyEvent("api_key.revoked", key, revokedDetails(self.id, owned, { reason }));
}

function handedOver(key: Key, scopes: string[], { target }: Leaving) {
  return { from: target.user.name, scopes, ...(scopes.length < key.scopes.length && { scopes_before: key.scopes }) };
}

/** Locks all keys that will be written. */
function lockKeys(tx: Transaction, teamId: string, memberId: string): Promise<void> {
  const concerned = Prisma.sql`
    team_id = ${teamId}::uuid and revoked_at is null
      and (member_id = ${memberId}::uuid or responsible_member_id = ${memberId}::uuid)`;
  return lockRows(tx, "api_keys", concerned);
}

type Key = Awaited<ReturnType<typeof readActiveKeys>>[number];

async function readActiveKeys(tx: Transaction, teamId: string, memberId: string, now: Date) {
  const active = await tx.$queryRaw<{ id: string }[]>`
    select k.id from api_keys k
    where k.team_id = ${teamId}::uuid and k.member_id = ${memberId}::uuid and k.kind = 'personal' and ${sqlActive(now)}`;
  return tx.apiKey.findMany({
    where: { teamId, id: { in: active.map(({ id }) => id) } },
    orderBy: { id: "asc" },
    select: { ...columnSelect, rotatedTo: { select: { id: true } }, usage: { select: { lastUsedAt: true } } },
  });
}

/** Only keys that were shown can be ended. Ones that have expired in the meantime don't matter. */
function refuseUnlisted(keys: Key[], { listed }: RemoveMemberInput, { user: { name } }: LockedMember): void {
  const shown = new Set(listed);
  const count = keys.filter(({ id }) => !shown.has(id)).length;
  if (count === 0) return;
  const made = count === 1 ? "another key" : `${count} more keys`;
  throw new AppError("conflict", `${name} has created ${made}. Nothing was changed: check the list again.`);
}

function checkChoices(keys: Key[], { keys: choices, acceptsKnownTokens }: RemoveMemberInput, self: LockedMember): void {
  const kept = choices.filter(({ fate }) => fate !== "revoke");
  if (kept.length === 0) return;
  authorize({ permissions: permissionsOf(self.role) }, "team.manage_keys");
  const active = new Set(keys.map(({ id }) => id));
  if (!kept.every(({ id }) => active.has(id))) {
    throw new AppError(
      "conflict",
      "Their keys have changed since you opened this. Nothing was changed: check the list again.",
    );
  }
  if (acceptsKnownTokens || !kept.some(({ fate }) => fate === "same_token")) return;
  const message = "Confirm this, or choose a new token.";
  throw new AppError("invalid", message, { acceptsKnownTokens: message });
}

/** No more than the key may do now, and no more than the actor could grant a team key. */
function scopesToHandOver(key: Key, { self, target, policy }: Leaving): string[] {
  const [own, theirs] = [permissionsOf(self.role), permissionsOf(target.role)];
  const scopes = key.scopes.filter(
    (scope) => theirs.has(scope) && own.has(scope) && (policy.memberScopes?.includes(scope) ?? true),
  );
  if (scopes.length === 0) {
    throw new AppError(
      "conflict",
      `“${labelOf(key)}” has no scopes that you can grant to a team key. Revoke it instead.`,
    );
  }
  checkScopes("team", scopes, own);
  return scopes;
}

function endKey(tx: Transaction, key: Key, now: Date) {
  return tx.apiKey.update({ where: { id: key.id }, data: { revokedAt: now }, select: { id: true } });
}

async function replaceByTeamKey(tx: Transaction, key: Key, scopes: string[], leaving: Leaving) {
  const { teamId, self, now, policy } = leaving;
  const { token, ...tokenColumns } = generateToken("team");
  const terms = { ...configurationOf(key), kind: "team" as const, scopes, createdAt: now };
  const expiresAt = expiryWithin(policy, terms, key.expiresAt);
  const breach = Object.values(policyBreaches(policy, { ...terms, expiresAt }))[0];
  if (breach) throw new AppError("conflict", `“${labelOf(key)}” can't get a new token. ${breach}`);
  await endKey(tx, key, now);
  const { id } = await tx.apiKey.create({
    data: {
      ...terms,
      ...tokenColumns,
      teamId,
      expiresAt,
      responsibleMemberId: self.id,
      // A key that was already rotated has its successor.
      rotatedFromId: key.rotatedTo ? null : key.id,
    },
    select: { id: true },
  });
  return { id, token };
}

/** The key's own expiry, or the team's default lifetime if the policy has become stricter. */
function expiryWithin(policy: TeamPolicy, terms: Omit<KeyTerms, "expiresAt">, expiresAt: Date | null): Date | null {
  const isWithin = !policyBreaches(policy, { ...terms, expiresAt }).expiry;
  return isWithin ? expiresAt : expiryAfter(defaultWithin(policy, terms.createdAt), terms.createdAt);
}

const labelOf = ({ name, tokenStart }: Pick<Key, "name" | "tokenStart">) => name ?? tokenStart;

function keyEvent(
  action: AuditEvent["action"],
  key: Pick<Key, "id" | "name" | "tokenStart">,
  details: AuditEvent["details"],
): Event {
  return { action, target: { type: "api_key", id: key.id, label: labelOf(key) }, details };
}
