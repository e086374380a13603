import "server-only";
import { Prisma } from "@/generated/prisma/client";
import type { Actor } from "@/lib/auth/actor";
import {
  EXPIRING_WITHIN_DAYS,
  NEW_FOR_DAYS,
  type ReviewQueryName,
  UNUSED_AFTER_DAYS,
} from "@/lib/insights/review-lists";
import { maySeeAllKeys, sqlVisible } from "@/lib/insights/where-visible";

const DAY_MS = 86_400_000;

/**
 * The ids of each list, at most `limit`, in the order in which they want attention. Each walks an index of the team (or
 * of the member) in its own order as far as the limit, so that a team of a hundred thousand keys waits no longer.
 */
export function reviewQueries(actor: Actor, now: Date, limit: number): Record<ReviewQueryName, Prisma.Sql> {
  const inDays = (days: number) => new Date(now.getTime() + days * DAY_MS);
  const visible = sqlVisible(actor);
  const isLive = Prisma.sql`k.revoked_at is null and (k.expires_at is null or k.expires_at > ${now})`;
  const unusedSince = inDays(-UNUSED_AFTER_DAYS);
  const newSince = inDays(-NEW_FOR_DAYS);
  return {
    never_expires: Prisma.sql`
      select k.id from api_keys k
      where ${visible} and k.revoked_at is null and k.expires_at is null
      order by k.id limit ${limit}`,
    // A key that was replaced ends with its overlap, as it should.
    expiring: Prisma.sql`
      select k.id from api_keys k
      where ${visible} and k.revoked_at is null
        and k.expires_at > ${now} and k.expires_at <= ${inDays(EXPIRING_WITHIN_DAYS)}
        and not exists (select 1 from api_keys successor where successor.rotated_from_id = k.id)
      order by k.expires_at, k.id limit ${limit}`,
    // The hour is what the index is in order of; the exact time decides.
    unused: Prisma.sql`
      select k.id from api_key_usage u join api_keys k on k.id = u.key_id
      where u.team_id = ${actor.teamId}::uuid and u.hour <= ${unusedSince} and u.last_used_at <= ${unusedSince}
        and ${visible} and ${isLive}
      order by u.hour, u.key_id limit ${limit}`,
    never_used: Prisma.sql`
      select k.id from api_keys k
      where ${visible} and ${isLive} and not exists (select 1 from api_key_usage u where u.key_id = k.id)
      order by k.created_at, k.id limit ${limit}`,
    // An address is new where the key was known from another one before.
    new_addresses: Prisma.sql`
      select k.id from api_key_addresses a join api_keys k on k.id = a.key_id
      where a.first_at >= ${newSince} and ${visible} and ${isLive}
        and exists (select 1 from api_key_addresses o where o.key_id = a.key_id and o.first_at < a.first_at)
      group by k.id order by max(a.first_at) desc, k.id limit ${limit}`,
    owner_inactive: maySeeAllKeys(actor)
      ? Prisma.sql`
      select k.id from members m
        join users o on o.id = m.user_id
        join api_keys k on k.member_id = m.id or (k.member_id is null and k.responsible_member_id = m.id)
      where m.team_id = ${actor.teamId}::uuid
        and (m.disabled_at is not null or m.removed_at is not null or o.disabled_at is not null)
        and ${visible} and ${isLive}
      order by k.id limit ${limit}`
      : Prisma.sql`
      select k.id from api_keys k
        join members m on m.id = k.responsible_member_id
        join users o on o.id = m.user_id
      where (m.disabled_at is not null or m.removed_at is not null or o.disabled_at is not null)
        and k.kind = 'team' and ${visible} and ${isLive}
      order by k.id limit ${limit}`,
  };
}
