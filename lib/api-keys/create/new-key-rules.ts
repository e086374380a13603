import "server-only";
import { hasTooManyDays } from "@/lib/api-keys/create/lifetimes-within";
import { expiresAtOf, expiryProblem } from "@/lib/api-keys/expiry";
import type { KeyKind } from "@/lib/api-keys/kinds";
import type { ExpiryInput } from "@/lib/api-keys/schemas";
import { sqlActive } from "@/lib/api-keys/status";
import type { Actor } from "@/lib/auth/actor";
import type { Transaction } from "@/lib/database/db";
import { AppError } from "@/lib/errors";
import { apiPermissions } from "@/lib/permissions/catalogue";
import { LATCHKEY_SCOPES } from "@/lib/permissions/latchkey-scopes";
import { longestLifetimeBreach, type TeamPolicy } from "@/lib/policies/team-policy";

/**
 * Throws unless somebody with these permissions may give a key these scopes (see `grantableScopes`). A team key with
 * more than its maker's role grants would hand its maker, in its token, more than the team gave them.
 */
export function checkScopes(kind: KeyKind, scopes: string[], permissions: ReadonlySet<string>): void {
  const known = new Set(apiPermissions());
  const isLatchkeyScope = (scope: string) => Object.hasOwn(LATCHKEY_SCOPES, scope);
  const refusal = (code: "invalid" | "forbidden", message: string) => new AppError(code, message, { scopes: message });
  if (scopes.some((scope) => !known.has(scope) && !isLatchkeyScope(scope))) {
    throw refusal("invalid", "One of these scopes does not exist.");
  }
  const teamOnly = scopes.find(isLatchkeyScope);
  if (kind === "personal" && teamOnly !== undefined) {
    throw refusal("invalid", `Only a team key can have ${teamOnly}.`);
  }
  const beyond = scopes.find((scope) => known.has(scope) && !permissions.has(scope));
  if (beyond !== undefined) {
    throw refusal("forbidden", `Your role doesn't include ${beyond}, so you can't give it to a key.`);
  }
}

/**
 * The instant that was asked for, counted from `now`; null for never. Throws `invalid` for a date that can't be one, and
 * for more days than the policy allows; `enforcePolicy` checks the instant itself.
 */
export function chosenExpiry(expiry: ExpiryInput, policy: TeamPolicy, now: Date): Date | null {
  const { maxLifetimeDays } = policy;
  const isTooLong = maxLifetimeDays !== null && "in" in expiry && hasTooManyDays(policy, expiry.in);
  const problem = isTooLong ? longestLifetimeBreach(maxLifetimeDays) : "at" in expiry && expiryProblem(expiry.at, now);
  if (problem) throw new AppError("invalid", problem, { expiry: problem });
  return expiresAtOf(expiry, now);
}

/**
 * Active personal keys of the actor that count towards their quota: all but the one that the newest key of a rotation
 * replaces, so that a member with as many keys as they may have can still rotate. Keys further back in a chain of
 * rotations count again; otherwise rotating over and over would be a way around the limit.
 */
export async function countTowardsQuota(tx: Transaction, actor: Actor, now: Date): Promise<number> {
  // The limit keeps PostgreSQL to one look-up for each active key. As a plain join it would read the whole table.
  const [row] = await tx.$queryRaw<{ counted: number }[]>`
    select count(*)::int as counted
    from api_keys k
      left join lateral (
        select true as is_replacing from api_keys successor
        where successor.rotated_from_id = k.id and ${sqlActive(now, "successor")}
          and not exists (select from api_keys later where later.rotated_from_id = successor.id)
        limit 1
      ) newest on true
    where k.team_id = ${actor.teamId}::uuid and k.member_id = ${actor.memberId}::uuid and k.kind = 'personal'
      and ${sqlActive(now)} and newest.is_replacing is null`;
  return row?.counted ?? 0;
}

/**
 * Throws `limit_reached` where a change, by these counts of {@link countTowardsQuota} before and after it, exceeds the
 * most active keys a member may have. Counted under the member's lock: of fifty simultaneous creations exactly as many
 * succeed as fit. A policy may have been tightened since, so a change that adds no key is not refused.
 */
export function checkQuota({ maxActiveKeys }: TeamPolicy, { before, after }: { before: number; after: number }): void {
  if (after <= maxActiveKeys || after <= before) return;
  throw new AppError(
    "limit_reached",
    `You have ${before} active ${before === 1 ? "key" : "keys"}, and ${maxActiveKeys} is the most a member may have. Revoke one you no longer use, then create this one.`,
  );
}
