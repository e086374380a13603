import "server-only";
import { Prisma } from "@/generated/prisma/client";
import { KEY_KINDS, type KeyKind, MANAGE_KEYS } from "@/lib/api-keys/kinds";
import { ENDS_AT, sqlActive } from "@/lib/api-keys/status";
import type { Actor } from "@/lib/auth/actor";
import { can } from "@/lib/auth/permissions";
import { maySeeAllKeys } from "@/lib/insights/where-visible";

const { sql } = Prisma;

/**
 * The live keys that the actor can view, as conditions on a row `k` of `api_keys`: each is a range of an index of
 * unrevoked keys, ordered by expiration. As one condition, PostgreSQL would read all of them and then sort.
 */
export function liveRanges(actor: Actor, now: Date): Prisma.Sql[] {
  const seesAll = maySeeAllKeys(actor);
  const rangeOf = (kind: KeyKind) => {
    const isTheirs = kind === "personal" && !seesAll ? sql`k.member_id = ${actor.memberId}::uuid` : sql`true`;
    return sql`k.team_id = ${actor.teamId}::uuid and k.kind = ${kind}::api_key_kind and ${isTheirs} and ${sqlActive(now)}`;
  };
  const kinds = KEY_KINDS.filter((kind) => seesAll || can(actor, MANAGE_KEYS[kind]));
  return kinds.length > 0 ? kinds.map(rangeOf) : [sql`false`];
}

/** All keys of the ranges, unordered. */
export function inRanges(ranges: Prisma.Sql[]): Prisma.Sql {
  const each = ranges.map((range) => sql`select k.id, k.created_at from api_keys k where ${range}`);
  return Prisma.join(each, " union all ");
}

/** The first to expire of the ranges' keys that meet a condition; each range is read up to the limit. */
export function firstToEnd(ranges: Prisma.Sql[], condition: Prisma.Sql, limit: number): Prisma.Sql {
  const each = ranges.map(
    (range) => sql`
      (select k.id, ${ENDS_AT} as ends_at from api_keys k where ${range} and ${condition}
       order by ends_at, k.id limit ${limit})`,
  );
  return sql`select k.id from (${Prisma.join(each, " union all ")}) k order by k.ends_at, k.id limit ${limit}`;
}
