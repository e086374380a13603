import "server-only";
import { Prisma } from "@/generated/prisma/client";
import { inDays } from "@/lib/api-keys/list/list-conditions";
import { sqlActive } from "@/lib/api-keys/status";
import type { Actor } from "@/lib/auth/actor";
import { NEVER_USED_AFTER_DAYS, UNUSED_AFTER_DAYS } from "@/lib/insights/review-lists";
import { inRanges } from "@/lib/insights/review-ranges";
import { sqlVisible } from "@/lib/insights/where-visible";

const { sql } = Prisma;

const unusedSince = (now: Date) => inDays(now, -UNUSED_AFTER_DAYS);
const neverUsedSince = (now: Date) => inDays(now, -NEVER_USED_AFTER_DAYS);

/**
 * The tables for {@link unusedOfFew} and {@link neverUsedOfFew}: the live keys, if there are few, and those old enough
 * to be unused with their last use. The use is looked up per key: a join could read the use of all keys.
 */
export const fewLiveKeys = (ranges: Prisma.Sql[], now: Date, few: number) => sql`
  live as materialized (select k.id, k.created_at from (${inRanges(ranges)}) k limit ${few + 1}),
  size as materialized (select count(*) as keys from live),
  old as materialized (
    select k.id, k.created_at, (select u.last_used_at from api_key_usage u where u.key_id = k.id) as used_at
    from live k where k.created_at <= ${unusedSince(now)}
  )`;

export const areAtMost = (few: number) => sql`(select keys from size) <= ${few}`;

/** A key isn't used before it is created, so these are all among the old ones. */
export const unusedOfFew = (now: Date, limit: number) => sql`
  select k.id from old k where k.used_at <= ${unusedSince(now)} order by k.used_at, k.id limit ${limit}`;

/** Old keys first. The use of newer ones is looked up one by one until the limit is reached. */
export const neverUsedOfFew = (now: Date, limit: number) => sql`
  select k.id from (
    (select k.id, k.created_at from old k where k.used_at is null order by k.created_at, k.id limit ${limit})
    union all
    (select k.id, k.created_at from (
       select k.id, k.created_at from live k
       where k.created_at > ${unusedSince(now)} and k.created_at <= ${neverUsedSince(now)}
       order by k.created_at, k.id offset 0
     ) k
     where (select count(*) from old o where o.used_at is null) < ${limit}
       and (select u.key_id from api_key_usage u where u.key_id = k.id) is null
     order by k.created_at, k.id limit ${limit})
  ) k order by k.created_at, k.id limit ${limit}`;

/**
 * Reads along the team's usage rows, for when most keys are alive. The index is ordered by hour; the exact time
 * decides.
 */
export const unusedOfMany = (actor: Actor, now: Date, limit: number) => sql`
  select k.id from api_key_usage u cross join lateral (
    select k.id from api_keys k where k.id = u.key_id and ${sqlVisible(actor)} and ${sqlActive(now)} limit 1
  ) k
  where u.team_id = ${actor.teamId}::uuid and u.hour <= ${unusedSince(now)} and u.last_used_at <= ${unusedSince(now)}
  order by u.hour, u.key_id limit ${limit}`;

/** One pass over the live keys and one over the team's usage rows. */
export const neverUsedOfMany = (actor: Actor, ranges: Prisma.Sql[], now: Date, limit: number) => sql`
  select k.id from (${inRanges(ranges)}) k
  where k.created_at <= ${neverUsedSince(now)}
    and not exists (select from api_key_usage u where u.team_id = ${actor.teamId}::uuid and u.key_id = k.id)
  order by k.created_at, k.id limit ${limit}`;
