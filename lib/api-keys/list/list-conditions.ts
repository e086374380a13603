import "server-only";
import { Prisma } from "@/generated/prisma/client";
import type { KeyList } from "@/lib/api-keys/list/list-choices";
import type { KeyFilters } from "@/lib/api-keys/list/list-input";
import { isIndexable, sqlSearch } from "@/lib/api-keys/sql-search";
import { ENDS_AT, sqlActive, sqlStatus } from "@/lib/api-keys/status";
import type { Actor } from "@/lib/auth/actor";

const DAY_MS = 86_400_000;

/** Which keys are meant: those of a list that the actor may see, narrowed by filters, at an instant. */
export type KeySelection = {
  teamId: string;
  /** Whose personal keys alone; null for anybody's. */
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

/** The instant before which a key of the "unused" filter was last used, and made. */
export const unusedSince = ({ filters, now }: KeySelection): Date | null =>
  filters.unused === null ? null : inDays(now, -filters.unused);

/** Everything that is asked of a key `k`; true of exactly the keys that are meant. */
export function matches(selection: KeySelection): Condition {
  return allOf([sql`k.team_id = ${selection.teamId}::uuid`, ...indexed(selection), ...unindexed(selection)]);
}

/** What an index finds by itself, whatever the order: of these, PostgreSQL takes the most selective together. */
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

/** What can only be asked of a key that something else has found. */
export function unindexed(selection: KeySelection): Condition[] {
  const { kind, filters } = selection;
  const { q } = filters;
  const conditions: Condition[] = [];
  if (kind === "personal") conditions.push(sql`k.kind = 'personal'`);
  if (q && !isIndexable(q)) conditions.push(sqlSearch(q));
  const since = unusedSince(selection);
  if (since) {
    // A look-up for each key that gets this far. As a join it would read the use of every key of the team.
    conditions.push(
      sql`k.created_at <= ${since} and coalesce((select u.last_used_at from api_key_usage u where u.key_id = k.id), '-infinity') <= ${since}`,
    );
  }
  return conditions;
}

/** Parts of names and single scopes are in indexes (GIN) that only answer with all they have. */
export const needsBitmap = ({ filters: { q, scope } }: KeySelection) => scope !== null || isIndexable(q);
