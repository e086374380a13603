import "server-only";
import { Prisma } from "@/generated/prisma/client";
import type { KeyList } from "@/lib/api-keys/list/list-choices";
import type { KeyFilters } from "@/lib/api-keys/list/list-input";
import { isIndexable, sqlSearch } from "@/lib/api-keys/sql-search";
import { ENDS_AT, sqlActive, sqlStatus } from "@/lib/api-keys/status";
import type { Actor } from "@/lib/auth/actor";
import { db } from "@/lib/database/db";

const DAY_MS = 86_400_000;

/** The keys of a list that match its filters at an instant. */
export type KeySelection = {
  teamId: string;
  /** Limits personal keys to this member's; null for all members'. */
  memberId: string | null;
  kind: "personal" | "team" | null;
  filters: KeyFilters;
  now: Date;
};

export function selectionOf(actor: Actor, list: KeyList, filters: KeyFilters, now: Date): KeySelection {
  const base = { teamId: actor.teamId, filters, now };
  if (list === "personal") return { ...base, memberId: actor.memberId, kind: "personal" };
  if (list === "team") return { ...base, memberId: null, kind: "team" };
  return { ...base, memberId: filters.owner, kind: filters.type };
}

const { sql } = Prisma;
export type Condition = Prisma.Sql;

export const allOf = (conditions: Condition[]): Condition =>
  conditions.length === 0 ? sql`true` : Prisma.join(conditions, " and ");

export const inDays = (now: Date, days: number) => new Date(now.getTime() + days * DAY_MS);

/** Keys unused for some days were created, and last used, before this instant. */
export const unusedSince = ({ filters: { unused }, now }: KeySelection): Date | null =>
  typeof unused === "number" ? inDays(now, -unused) : null;

export const ofTeam = ({ teamId }: KeySelection) => sql`k.team_id = ${teamId}::uuid`;

/** The complete condition for a key `k` of the selection. */
export function matches(selection: KeySelection): Condition {
  return allOf([ofTeam(selection), ...indexed(selection), ...unindexed(selection), ...unusedByKey(selection)]);
}

/** Conditions that have an index of their own, independent of the order; PostgreSQL combines the most selective. */
export function indexed({ memberId, kind, filters, now }: KeySelection): Condition[] {
  const { q, hash, scope, status, expires } = filters;
  const conditions: Condition[] = [];
  if (memberId) conditions.push(sql`k.member_id = ${memberId}::uuid`);
  if (kind === "team") conditions.push(sql`k.kind = 'team'`);
  if (hash) conditions.push(sql`k.token_hash = decode(${hash}, 'hex')`);
  if (scope) conditions.push(sql`k.scopes @> array[${scope}]`);
  if (expires !== null) conditions.push(sql`${sqlActive(now)} and ${ENDS_AT} <= ${inDays(now, expires)}`);
  if (status) conditions.push(sqlStatus(status, now));
  if (q && isIndexable(q)) conditions.push(sqlSearch(q));
  return conditions;
}

/** Conditions without an index, which only filter keys found otherwise. */
export function unindexed({ kind, filters: { q } }: KeySelection): Condition[] {
  const conditions: Condition[] = [];
  if (kind === "personal") conditions.push(sql`k.kind = 'personal'`);
  if (q && !isIndexable(q)) conditions.push(sqlSearch(q));
  return conditions;
}

/** The "unused" condition by one lookup per remaining key. */
function unusedByKey(selection: KeySelection): Condition[] {
  const since = unusedSince(selection);
  const lastUse = sql`(select u.last_used_at from api_key_usage u where u.key_id = k.id)`;
  if (selection.filters.unused === "never") return [sql`${lastUse} is null`];
  return since ? [sql`k.created_at <= ${since} and coalesce(${lastUse}, '-infinity') <= ${since}`] : [];
}

/**
 * The same by a join, for many keys: the index of uses tells which keys were used, hour by hour; only in the hour of the
 * limit the rows themselves decide.
 */
export function unusedInTeam(selection: KeySelection): Condition[] {
  const used = (when: Condition) =>
    sql`not exists (select from api_key_usage u where u.team_id = ${selection.teamId}::uuid and u.key_id = k.id and ${when})`;
  if (selection.filters.unused === "never") return [used(sql`true`)];
  const since = unusedSince(selection);
  if (!since) return [];
  const hour = hourOf(since);
  return [
    sql`k.created_at <= ${since}`,
    used(sql`u.hour > ${hour}`),
    used(sql`u.hour = ${hour} and u.last_used_at > ${since}`),
  ];
}

/** The beginning of an instant's hour, as in the index of uses. */
export function hourOf(at: Date): Date {
  const hour = new Date(at);
  hour.setUTCMinutes(0, 0, 0);
  return hour;
}

/** Parts of names and single scopes have GIN indexes, which only support bitmap scans. */
const needsBitmap = ({ filters: { q, scope } }: KeySelection) => scope !== null || isIndexable(q);

/**
 * Lets the rest of a transaction read keys by the filters' indexes. Statistics cover the whole table, not this team: the
 * planner would choose a sequential scan for rare matches. A bitmap is built completely before it returns the first key,
 * so it is only for conditions without another index; and a join by one lookup per key is not for all keys of a team.
 */
export function byIndex(selection: KeySelection) {
  const onOff = (isOn: boolean) => (isOn ? "on" : "off");
  return db.$executeRaw`
    select set_config('enable_seqscan', 'off', true), set_config('random_page_cost', '1.1', true),
      set_config('enable_bitmapscan', ${onOff(needsBitmap(selection))}, true),
      set_config('enable_nestloop', ${onOff(selection.filters.unused === null)}, true),
      set_config('max_parallel_workers_per_gather', '0', true)`;
}
