import "server-only";
import { hasTooManyDays } from "@/lib/api-keys/create/lifetimes-within";
import { expiresAtOf, expiryProblem } from "@/lib/api-keys/expiry";
import type { KeyKind } from "@/lib/api-keys/kinds";
import type { ExpiryInput } from "@/lib/api-keys/schemas";
import { sqlActive } from "@/lib/api-keys/status";
import type { Actor } from "@/lib/auth/actor";
import type { Transaction } from "@/lib/database/db";
import { AppError } from "@/lib/errors";
import { apiPermissions } from "@/lib/permissions/catalog";
import { LATCHKEY_SCOPES } from "@/lib/permissions/latchkey-scopes";
import { longestLifetimeBreach, type TeamPolicy } from "@/lib/policies/team-policy";

/**
 * Throws unless these permissions allow giving a key these scopes (see `grantableScopes`). This applies to team keys too:
 * their creator sees the token, so a key with more than the creator's role would escalate the creator's privileges.
 */
export function checkScopes(kind: KeyKind, scopes: string[], permissions: ReadonlySet<string>): void {
  const known = new Set(apiPermissions());
  const isLatchkeyScope = (scope: string) => Object.hasOwn(LATCHKEY_SCOPES, scope);
  const refusal = (code: "invalid" | "forbidden", message: string) => new AppError(code, message, { scopes: message });
  if (scopes.some((scope) => !known.has(scope) && !isLatchkeyScope(scope))) {
    throw refusal("invalid", "One of these scopes doesn't exist.");
  }
  const teamOnly = scopes.find(isLatchkeyScope);
  if (kind === "personal" && teamOnly !== undefined) {
    throw refusal("invalid", `Only a team key can have ${teamOnly}.`);
  }
  const beyond = scopes.find((scope) => known.has(scope) && !permissions.has(scope));
  if (beyond !== undefined) {
    throw refusal("forbidden", `Your role doesn't include ${beyond}, so you can't grant it to a key.`);
  }
}

/**
 * The requested expiry, counted from `now`; null means never. Throws `invalid` for a date in the past or too far away,
 * and for more days than the policy allows; `enforcePolicy` checks the resulting time.
 */
export function chosenExpiry(expiry: ExpiryInput, policy: TeamPolicy, now: Date): Date | null {
  const { maxLifetimeDays } = policy;
  const isTooLong = maxLifetimeDays !== null && "in" in expiry && hasTooManyDays(policy, expiry.in);
  const problem = isTooLong ? longestLifetimeBreach(maxLifetimeDays) : "at" in expiry && expiryProblem(expiry.at, now);
  if (problem) throw new AppError("invalid", problem, { expiry: problem });
  return expiresAtOf(expiry, now);
}

/**
 * The number of the actor's active personal keys that count toward the quota. The predecessor of the newest key in a
 * rotation chain doesn't count, so that a member at the limit can still rotate. Earlier keys in the chain do; otherwise
 * repeated rotation would bypass the limit.
 */
export async function countTowardsQuota(tx: Transaction, actor: Actor, now: Date): Promise<number> {
  // With `limit`, PostgreSQL does one lookup per active key. A plain join would read the whole table.
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
 * Throws `limit_reached` if a change exceeds the quota, given {@link countTowardsQuota} before and after it. Count while
 * holding the member's lock, so that concurrent creations can't exceed the quota together. A change that adds no key is
 * never rejected, because the policy may have become stricter since.
 */
export function checkQuota({ maxActiveKeys }: TeamPolicy, { before, after }: { before: number; after: number }): void {
  if (after <= maxActiveKeys || after <= before) return;
  throw new AppError(
    "limit_reached",
    `You've reached your limit of ${maxActiveKeys} active ${maxActiveKeys === 1 ? "key" : "keys"}. Revoke ${before > maxActiveKeys ? before - maxActiveKeys + 1 : "one"} and try again.`,
  );
}
