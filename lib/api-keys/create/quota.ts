import "server-only";
import { sqlActive } from "@/lib/api-keys/status";
import type { Actor } from "@/lib/auth/actor";
import type { Transaction } from "@/lib/database/db";
import { AppError } from "@/lib/errors";

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
 * Runs a change that makes a personal key, and refuses it with `limit_reached` when the actor then has more than they
 * may have. Under the member's lock: of fifty simultaneous creations exactly as many succeed as fit.
 */
export async function withinQuota<Result>(
  tx: Transaction,
  actor: Actor,
  { most, now, isReplacing }: { most: number; now: Date; isReplacing: boolean },
  change: () => Promise<Result>,
): Promise<Result> {
  const before = await countTowardsQuota(tx, actor, now);
  if (!isReplacing) {
    if (before >= most) throw limitReached(before, most);
    return change();
  }
  const result = await change();
  const after = await countTowardsQuota(tx, actor, now);
  // A policy may have been tightened since: a change that adds none is no reason to refuse.
  if (after > most && after > before) throw limitReached(before, most);
  return result;
}

function limitReached(active: number, most: number): AppError {
  return new AppError(
    "limit_reached",
    `You have ${active} active ${active === 1 ? "key" : "keys"}, and ${most} is the most a member may have. Revoke one you no longer use, then create this one.`,
  );
}
