import "server-only";
import { Prisma } from "@/generated/prisma/client";
import { active } from "@/lib/api-keys/list-conditions";
import type { Actor } from "@/lib/auth/actor";
import { db } from "@/lib/db";
import {
  EXPIRING_WITHIN_DAYS,
  NEVER_USED_AFTER_DAYS,
  NEW_FOR_DAYS,
  REVIEW_LISTS,
  type ReviewQueryName,
  UNUSED_AFTER_DAYS,
} from "@/lib/insights/review-lists";
import { maySeeAllKeys, sqlVisible } from "@/lib/insights/where-visible";

const DAY_MS = 86_400_000;

/** As many live keys are few: each list is then picked out of them, whatever lies dead beside them. */
const FEW = 30_000;

/** The ids of each list, at most `limit`, in the order in which they want attention. */
export async function findReviewed(
  actor: Actor,
  now: Date,
  limit: number,
  few = FEW,
): Promise<Record<ReviewQueryName, string[]>> {
  const meant = Prisma.sql`${sqlVisible(actor)} and ${active(now)}`;
  const countLive = db.$queryRaw<{ count: number }[]>`
    select count(*)::int as count from (select from api_keys k where ${meant} limit ${few + 1}) k`;
  const [, [live]] = await db.$transaction([byIndex(), countLive]);
  const areFew = live !== undefined && live.count <= few;
  const queries = areFew ? pickedOut(actor, now, limit) : walked(actor, meant, now, limit);
  const columns = REVIEW_LISTS.map((name) => Prisma.sql`array(${queries[name]}) as ${Prisma.raw(name)}`);
  // All lists in one statement: a page that took a connection for each would leave none to others.
  const lists = db.$queryRaw<Record<ReviewQueryName, string[]>[]>`
    ${areFew ? Prisma.sql`with live as materialized (${liveKeys(meant)})` : Prisma.empty}
    select ${Prisma.join(columns)}`;
  const [, [row]] = await db.$transaction([byIndex(), lists]);
  if (!row) throw new Error("a select without a table has one row");
  return row;
}

/** For a transaction: the statistics know the whole table, not this team, and would have it read by several processes. */
const byIndex = () => db.$executeRaw`
  select set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true),
    set_config('random_page_cost', '1.1', true), set_config('max_parallel_workers_per_gather', '0', true)`;

type Queries = Record<ReviewQueryName, Prisma.Sql>;

const inDays = (now: Date, days: number) => new Date(now.getTime() + days * DAY_MS);

/** With the last use of each, looked up: a join would be free to read that of all keys there ever were. */
const liveKeys = (meant: Prisma.Sql) => Prisma.sql`
  select k.id, k.kind, k.member_id, k.responsible_member_id, k.created_at, k.expires_at,
    (select u.last_used_at from api_key_usage u where u.key_id = k.id) as used_at
  from api_keys k where ${meant}`;

/** Out of the live keys. */
function pickedOut(actor: Actor, now: Date, limit: number): Queries {
  return {
    never_expires: Prisma.sql`
      select k.id from live k where k.expires_at is null order by k.id limit ${limit}`,
    // A key that was replaced ends with its overlap, as it should.
    expiring: Prisma.sql`
      select k.id from live k
      where k.expires_at <= ${inDays(now, EXPIRING_WITHIN_DAYS)}
        and (select successor.id from api_keys successor where successor.rotated_from_id = k.id) is null
      order by k.expires_at, k.id limit ${limit}`,
    unused: Prisma.sql`
      select k.id from live k
      where k.used_at <= ${inDays(now, -UNUSED_AFTER_DAYS)} order by k.used_at, k.id limit ${limit}`,
    never_used: Prisma.sql`
      select k.id from live k
      where k.created_at <= ${inDays(now, -NEVER_USED_AFTER_DAYS)} and k.used_at is null
      order by k.created_at, k.id limit ${limit}`,
    new_addresses: newAddresses(Prisma.sql`live`, Prisma.sql`true`, now, limit),
    owner_inactive: ownerInactive(Prisma.sql`live`, Prisma.sql`true`, actor, limit),
  };
}

/** Along an index of the team in the list's own order as far as the limit, where most keys are alive. */
function walked(actor: Actor, meant: Prisma.Sql, now: Date, limit: number): Queries {
  const unusedSince = inDays(now, -UNUSED_AFTER_DAYS);
  return {
    never_expires: Prisma.sql`
      select k.id from api_keys k where ${meant} and k.expires_at is null order by k.id limit ${limit}`,
    expiring: Prisma.sql`
      select k.id from api_keys k
      where ${meant} and k.expires_at > ${now} and k.expires_at <= ${inDays(now, EXPIRING_WITHIN_DAYS)}
        and not exists (select 1 from api_keys successor where successor.rotated_from_id = k.id)
      order by k.expires_at, k.id limit ${limit}`,
    // The hour is what the index is in order of; the exact time decides.
    unused: Prisma.sql`
      select k.id from api_key_usage u join api_keys k on k.id = u.key_id
      where u.team_id = ${actor.teamId}::uuid and u.hour <= ${unusedSince} and u.last_used_at <= ${unusedSince}
        and ${meant}
      order by u.hour, u.key_id limit ${limit}`,
    never_used: Prisma.sql`
      select k.id from api_keys k
      where ${meant} and k.created_at <= ${inDays(now, -NEVER_USED_AFTER_DAYS)}
        and not exists (select 1 from api_key_usage u where u.key_id = k.id)
      order by k.created_at, k.id limit ${limit}`,
    new_addresses: newAddresses(Prisma.sql`api_keys`, meant, now, limit),
    owner_inactive: ownerInactive(Prisma.sql`api_keys`, meant, actor, limit),
  };
}

/** An address is new where the key was in use from another one before the days that count as new. */
function newAddresses(keys: Prisma.Sql, meant: Prisma.Sql, now: Date, limit: number): Prisma.Sql {
  const newSince = inDays(now, -NEW_FOR_DAYS);
  return Prisma.sql`
    select k.id from api_key_addresses a join ${keys} k on k.id = a.key_id
    where a.first_at >= ${newSince} and ${meant}
      and exists (select 1 from api_key_addresses o where o.key_id = a.key_id and o.first_at < ${newSince})
    group by k.id order by max(a.first_at) desc, k.id limit ${limit}`;
}

/** For who may not see others' personal keys, it is about the team's alone. */
function ownerInactive(keys: Prisma.Sql, meant: Prisma.Sql, actor: Actor, limit: number): Prisma.Sql {
  const held = Prisma.sql`select k.id from ${keys} k where k.member_id = m.id and ${meant}`;
  const answeredFor = Prisma.sql`
    select k.id from ${keys} k where k.kind = 'team' and k.responsible_member_id = m.id and ${meant}`;
  return Prisma.sql`
    select k.id from members m
      join users o on o.id = m.user_id
      cross join lateral (${maySeeAllKeys(actor) ? Prisma.sql`${held} union all ${answeredFor}` : answeredFor}) k
    where m.team_id = ${actor.teamId}::uuid
      and (m.disabled_at is not null or m.removed_at is not null or o.disabled_at is not null)
    order by k.id limit ${limit}`;
}
