import "server-only";
import { Prisma } from "@/generated/prisma/client";
import { inDays } from "@/lib/api-keys/list/list-conditions";
import { ENDS_AT, sqlActive } from "@/lib/api-keys/status";
import type { Actor } from "@/lib/auth/actor";
import { db } from "@/lib/database/db";
import { EXPIRING_WITHIN_DAYS, NEW_FOR_DAYS, type ReviewQueryName } from "@/lib/insights/review-lists";
import { firstToEnd, liveRanges } from "@/lib/insights/review-ranges";
import {
  areAtMost,
  fewLiveKeys,
  neverUsedOfFew,
  neverUsedOfMany,
  unusedOfFew,
  unusedOfMany,
} from "@/lib/insights/review-use";
import { maySeeAllKeys, sqlVisible } from "@/lib/insights/where-visible";

const { sql } = Prisma;

/** Up to this many live keys, their last use is looked up one by one. */
const FEW = 30_000;
/** Up to this many, so are their IP addresses, however many addresses are new for other teams' keys. */
const VERY_FEW = 1_000;

type Reviewed = Record<ReviewQueryName, string[]>;
type ByUse = Pick<Reviewed, "unused" | "never_used">;

/** The IDs of each list, at most `limit`, most urgent first. */
export async function findReviewed(actor: Actor, now: Date, limit: number, few = FEW): Promise<Reviewed> {
  const live = liveRanges(actor, now);
  // One statement for all lists, so that a page doesn't use a connection for each.
  const found = await selectByIndex<Omit<Reviewed, keyof ByUse> & (ByUse | Record<keyof ByUse, null>)>(sql`
    with ${fewLiveKeys(live, now, few)}
    select
      ${list(firstToEnd(live, sql`${ENDS_AT} = 'infinity'`, limit))} as never_expires,
      ${list(expiring(live, now, limit))} as expiring,
      ${list(ownerInactive(actor, now, limit))} as owner_inactive,
      case when ${areAtMost(Math.min(few, VERY_FEW))} then ${list(newAddressesOfFew(now, limit))}
        else ${list(newAddresses(actor, now, limit))} end as new_addresses,
      case when ${areAtMost(few)} then ${list(unusedOfFew(now, limit))} end as unused,
      case when ${areAtMost(few)} then ${list(neverUsedOfFew(now, limit))} end as never_used`);
  if (found.unused !== null) return found;
  const byUse = await selectByIndex<ByUse>(sql`
    select ${list(unusedOfMany(actor, now, limit))} as unused,
      ${list(neverUsedOfMany(actor, live, now, limit))} as never_used`);
  return { ...found, ...byUse };
}

/** As JSON, which is much faster to parse than an array. */
const list = (ids: Prisma.Sql) => sql`to_json(array(${ids}))`;

/**
 * Reads the single row of a select using indexes. The planner has statistics about the table, not the team, and would
 * read the whole table.
 */
async function selectByIndex<Row>(select: Prisma.Sql): Promise<Row> {
  const byIndex = db.$executeRaw`
    select set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true),
      set_config('random_page_cost', '1.1', true), set_config('max_parallel_workers_per_gather', '0', true)`;
  const [, [row]] = await db.$transaction([byIndex, db.$queryRaw<Row[]>(select)]);
  if (!row) throw new Error("a select without a table has one row");
  return row;
}

/** Excludes replaced keys, which are meant to end with their grace period. */
function expiring(live: Prisma.Sql[], now: Date, limit: number): Prisma.Sql {
  const successor = sql`select successor.id from api_keys successor where successor.rotated_from_id = k.id`;
  return firstToEnd(live, sql`${ENDS_AT} <= ${inDays(now, EXPIRING_WITHIN_DAYS)} and (${successor}) is null`, limit);
}

/**
 * Keys with a new IP address that had been used from another one before. Reads the key and its other addresses in the
 * list's order, up to the limit.
 */
function newAddresses(actor: Actor, now: Date, limit: number): Prisma.Sql {
  const newSince = inDays(now, -NEW_FOR_DAYS);
  return sql`
    select a.key_id from (
      select key_id, max(first_at) as newest from api_key_addresses where first_at >= ${newSince}
      group by key_id order by newest desc, key_id offset 0
    ) a
    where (select true from api_keys k where k.id = a.key_id and ${sqlVisible(actor)} and ${sqlActive(now)})
      and (select bool_or(o.first_at < ${newSince}) from api_key_addresses o where o.key_id = a.key_id)
    order by a.newest desc, a.key_id limit ${limit}`;
}

/** The same, by lookups for each live key. */
function newAddressesOfFew(now: Date, limit: number): Prisma.Sql {
  const newSince = inDays(now, -NEW_FOR_DAYS);
  return sql`
    select k.id from live k cross join lateral (
      select max(a.first_at) as newest, min(a.first_at) as oldest from api_key_addresses a where a.key_id = k.id
    ) a
    where a.newest >= ${newSince} and a.oldest < ${newSince} order by a.newest desc, k.id limit ${limit}`;
}

/** For actors who can't see others' personal keys, only the team's keys. */
function ownerInactive(actor: Actor, now: Date, limit: number): Prisma.Sql {
  const meant = sql`${sqlVisible(actor)} and ${sqlActive(now)}`;
  const held = sql`select k.id from api_keys k where k.member_id = m.id and ${meant}`;
  const answeredFor = sql`
    select k.id from api_keys k where k.kind = 'team' and k.responsible_member_id = m.id and ${meant}`;
  return sql`
    select k.id from members m
      join users o on o.id = m.user_id
      cross join lateral (${maySeeAllKeys(actor) ? sql`${held} union all ${answeredFor}` : answeredFor}) k
    where m.team_id = ${actor.teamId}::uuid
      and (m.disabled_at is not null or m.removed_at is not null or o.disabled_at is not null)
    order by k.id limit ${limit}`;
}
