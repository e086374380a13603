import "server-only";
import { Prisma } from "@/generated/prisma/client";
import type { KeyList } from "@/lib/api-keys/list/list-choices";
import type { KeyFilters } from "@/lib/api-keys/list/list-input";
import { isIndexable, sqlSearch } from "@/lib/api-keys/sql-search";
import { ENDS_AT, sqlActive, sqlStatus } from "@/lib/api-keys/status";
import type { Actor } from "@/lib/auth/actor";

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

/** The "unused" filter matches keys that were created, and last used, before this instant. */
export const unusedSince = ({ filters, now }: KeySelection): Date | null =>
  filters.unused === null ? null : inDays(now, -filters.unused);

/** The complete condition for a key `k` of the selection. */
export function matches(selection: KeySelection): Condition {
  return allOf([sql`k.team_id = ${selection.teamId}::uuid`, ...indexed(selection), ...unindexed(selection)]);
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
export function unindexed(selection: KeySelection): Condition[] {
  const { kind, filters } = selection;
  const { q } = filters;
  const conditions: Condition[] = [];
  if (kind === "personal") conditions.push(sql`k.kind = 'personal'`);
  if (q && !isIndexable(q)) conditions.push(sqlSearch(q));
  const since = unusedSince(selection);
  if (since) {
    // One lookup per remaining key. A join would read the use of every key of the team.
    conditions.push(
      sql`k.created_at <= ${since} and coalesce((select u.last_used_at from api_key_usage u where u.key_id = k.id), '-infinity') <= ${since}`,
    );
  }
  return conditions;
}

/** Parts of names and single scopes have GIN indexes, which only support bitmap scans. */
export const needsBitmap = ({ filters: { q, scope } }: KeySelection) => scope !== null || isIndexable(q);
