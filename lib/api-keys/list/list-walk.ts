import "server-only";
import { Prisma } from "@/generated/prisma/client";
import type { Direction, KeySort, SortColumn } from "@/lib/api-keys/list/list-choices";
import {
  allOf,
  byIndex,
  type Condition,
  hourOf,
  inDays,
  indexed,
  type KeySelection,
  matches,
  ofTeam,
  unindexed,
  unusedInTeam,
  unusedSince,
} from "@/lib/api-keys/list/list-conditions";
import type { ListCursor } from "@/lib/api-keys/list/list-cursor";
import { db } from "@/lib/database/db";

const { sql } = Prisma;

/** Limits the work of a walk, so that a page's time is bounded for any filters. */
export type WalkBounds = {
  /** Keys read along the order's index. */
  steps: number;
  /** Keys read along the order's index before trying the filters' indexes. */
  firstSteps: number;
  /** Keys found by the filters' indexes, which must then be sorted. */
  found: number;
};

export const PAGE_BOUNDS: WalkBounds = { steps: 10_000, firstSteps: 1_000, found: 2_000 };

/** A key's id and its position in the order. */
type Place = { id: string; value: Date | string | null; createdAt: Date | null };

export type WalkRequest = {
  selection: KeySelection;
  sort: KeySort;
  /** Where to continue; null for the beginning or, when walking backwards, the end. */
  from: ListCursor | null;
  isBackwards: boolean;
  limit: number;
  bounds: WalkBounds;
};

/**
 * Keys in walking order; `rest` is where the walk stopped at its bounds before it found enough, else null; `searched` is
 * the number of keys read along the order before that.
 */
export type Walk = { places: ListCursor[]; rest: ListCursor | null; searched: number };

/**
 * The next keys of a list. Frequent matches are found by a scan along the order's index; rare ones by the filters'
 * indexes, which return all of them for sorting. If neither is cheap, the walk stops at its bounds and returns where.
 */
export async function walkKeys(request: WalkRequest): Promise<Walk> {
  const { selection, limit, bounds } = request;
  const hasIndex = indexed(selection).length > 0 || selection.filters.unused !== null;
  if (!hasIndex) return goAlong(request, bounds.steps);
  if (selection.filters.hash !== null) return (await findAndSort(request)) ?? goAlong(request, bounds.steps);
  const start = await goAlong(request, bounds.firstSteps);
  if (!start.rest) return start;
  // At this density, the remaining steps would find twice as many as needed.
  const isDense = start.places.length * bounds.steps >= 2 * limit * bounds.firstSteps;
  const dense = isDense ? await goOn(request, start) : null;
  if (dense && !dense.rest) return dense;
  return (await findAndSort(request)) ?? dense ?? goOn(request, start);
}

/** Continues where the first steps ended. */
async function goOn(request: WalkRequest, { places, rest, searched }: Walk): Promise<Walk> {
  const more = await goAlong({ ...request, from: rest, limit: request.limit - places.length }, request.bounds.steps);
  return { places: [...places, ...more.places], rest: more.rest, searched: searched + more.searched };
}

/** One stretch of an order: the keys that have a value in the sorted column, or those that have none. */
type Stretch = { column: SortColumn; isEmpty: boolean; direction: Direction };

/** Keys without a value come last in either direction; walking backwards reverses everything. */
function stretchesOf({ sort: { column, direction }, isBackwards, selection }: WalkRequest): Stretch[] {
  const walked: Direction = (direction === "asc") !== isBackwards ? "asc" : "desc";
  const stretches = [{ column, isEmpty: false, direction: walked }];
  const { status, expires } = selection.filters;
  const neverEmpty = column === "created" || (column === "expires" && (expires !== null || status === "expired"));
  if (column === "used" && selection.filters.unused === "never") return [{ column, isEmpty: true, direction: walked }];
  if (!neverEmpty) stretches.push({ column, isEmpty: true, direction: walked });
  return isBackwards ? stretches.reverse() : stretches;
}

async function goAlong(request: WalkRequest, bound: number): Promise<Walk> {
  const { selection, from, limit } = request;
  const all = stretchesOf(request);
  const begun = from ? all.findIndex(({ isEmpty }) => isEmpty === (from.value === null)) : 0;
  const places: ListCursor[] = [];
  for (const stretch of all.slice(Math.max(begun, 0))) {
    const isHere = from !== null && stretch.isEmpty === (from.value === null);
    const maxSteps = stepsFor(stretch, selection, bound);
    const steps = stepsAlong(stretch, selection, isHere ? from : null, maxSteps);
    // The last step is returned even if it doesn't match, because the walk continues from there.
    const met = await db.$queryRaw<(Place & { matches: boolean; step: number })[]>`
      select k.id, k.place as value, k.created_at as "createdAt", k.step::int as step, k.matches
      from (
        select k.*, row_number() over (order by ${steps.order}) as step, ${allOf([matches(selection), ...steps.remaining])} as matches
        from (${steps.keys}) k
      ) k
      where k.matches or k.step = ${maxSteps}
      order by ${steps.order}
      limit ${limit - places.length}`;
    places.push(...met.filter((key) => key.matches).map((place) => cursorAt(stretch.column, place)));
    if (places.length === limit) break;
    const last = met.at(-1);
    if (last?.step === maxSteps) return { places, rest: cursorAt(stretch.column, last), searched: maxSteps };
  }
  return { places, rest: null, searched: 0 };
}

/** Cost of looking up a key's use, and of searching its name, relative to reading a key. */
const LOOKUP_COST = 4;
const SEARCH_COST = 3;

function stepsFor({ column }: Stretch, { filters }: KeySelection, bound: number): number {
  const looksUp = column === "used" || filters.unused !== null;
  return Math.ceil(bound / (looksUp ? LOOKUP_COST : filters.q ? SEARCH_COST : 1));
}

/** SQL for the first `maxSteps` keys of a stretch, in order. */
function stepsAlong(stretch: Stretch, selection: KeySelection, from: ListCursor | null, maxSteps: number) {
  const direction = stretch.direction === "asc" ? sql`asc` : sql`desc`;
  if (stretch.column === "used" && !stretch.isEmpty) return stepsAlongUse(stretch, selection, from, maxSteps);
  const column = stretch.column === "used" ? sql`a.created_at` : COLUMNS[stretch.column];
  const conditions = [sql`a.team_id = ${selection.teamId}::uuid`, ...onTheWay(stretch, selection)];
  if (stretch.column !== "used") conditions.push(stretch.isEmpty ? sql`${column} is null` : sql`${column} is not null`);
  if (from) conditions.push(...beyond(stretch, column, from));
  const place = stretch.isEmpty ? sql`null` : column;
  const inOrder = sql`from api_keys a where ${allOf(conditions)} order by ${column} ${direction}, a.id ${direction}`;
  return {
    keys: sql`select a.*, ${place} as place ${inOrder} limit ${maxSteps}`,
    order: sql`${OUTSIDE[stretch.column]} ${direction}, k.id ${direction}`,
    remaining: stretch.column === "used" ? [NEVER_USED] : [],
  };
}

function stepsAlongUse(stretch: Stretch, selection: KeySelection, from: ListCursor | null, maxSteps: number) {
  const direction = stretch.direction === "asc" ? sql`asc` : sql`desc`;
  const conditions = [sql`u.team_id = ${selection.teamId}::uuid`];
  if (from) conditions.push(...beyondUse(from, stretch.direction));
  const since = unusedSince(selection);
  if (since) conditions.push(sql`u.hour <= ${hourOf(since)}`);
  const inOrder = sql`
    from api_key_usage u where ${allOf(conditions)}
    order by u.hour ${direction}, u.last_used_at ${direction}, u.key_id ${direction}`;
  return {
    // One key lookup per use: with a plain join, PostgreSQL could read all of the team's keys first.
    keys: sql`
      select key.*, w.last_used_at as place, w.hour, w.key_id
      from (select u.key_id, u.hour, u.last_used_at ${inOrder} limit ${maxSteps}) w
        cross join lateral (select * from api_keys a where a.id = w.key_id limit 1) key`,
    // By the usage row's key id: by the key's own id, PostgreSQL would look up all keys before returning the first.
    order: sql`k.hour ${direction}, k.place ${direction}, k.key_id ${direction}`,
    remaining: [],
  };
}

const COLUMNS = { created: sql`a.created_at`, name: sql`a.name`, expires: sql`a.expires_at` };
const OUTSIDE = { created: sql`k.created_at`, name: sql`k.name`, expires: sql`k.expires_at`, used: sql`k.created_at` };

const NEVER_USED = sql`(select u.key_id from api_key_usage u where u.key_id = k.id) is null`;

/** Conditions that the order's index can apply by itself. Any other would make steps cost more than counted. */
function onTheWay({ column, isEmpty }: Stretch, selection: KeySelection): Condition[] {
  const { memberId, kind, filters, now } = selection;
  const since = unusedSince(selection);
  const ofTeam = kind === "team" ? [sql`a.kind = 'team'`] : [];
  if (column === "created" || column === "used") {
    return [
      ...(memberId ? [sql`a.member_id = ${memberId}::uuid`] : ofStatus(selection)),
      ...ofTeam,
      ...(since ? [sql`a.created_at <= ${since}`] : []),
    ];
  }
  if (column === "expires" && !isEmpty) {
    const lasting = filters.status === "active" || filters.expires !== null;
    return [
      ...ofTeam,
      ...(lasting ? [sql`a.expires_at > ${now}`] : []),
      ...(filters.expires !== null ? [sql`a.expires_at <= ${inDays(now, filters.expires)}`] : []),
      ...(filters.status === "expired" ? [sql`a.expires_at <= ${now}`] : []),
    ];
  }
  return ofTeam;
}

/** Unrevoked keys have an index by creation, of a team and of its team keys; revoked ones have one of each kind. */
function ofStatus({ kind, filters: { status, expires } }: KeySelection): Condition[] {
  if (status === "revoked") return kind === "team" ? [sql`a.revoked_at is not null`] : [];
  return status || expires !== null ? [sql`a.revoked_at is null`] : [];
}

const comparison = (direction: Direction, isIncluded: boolean) =>
  direction === "asc" ? (isIncluded ? sql`>=` : sql`>`) : isIncluded ? sql`<=` : sql`<`;

/** Conditions for keys after a position, within its stretch. */
function beyond({ column, isEmpty, direction }: Stretch, sorted: Condition, from: ListCursor): Condition[] {
  const is = comparison(direction, from.isIncluded);
  if (!isEmpty) return [sql`(${sorted}, a.id) ${is} (${sortedValue(from)}, ${from.id}::uuid)`];
  if (column !== "used") return [sql`a.id ${is} ${from.id}::uuid`];
  return [sql`(${sorted}, a.id) ${is} (${new Date(from.createdAt ?? 0)}, ${from.id}::uuid)`];
}

/** The index starts with the hour, so a seek needs it; it follows from the instant. */
function beyondUse(from: ListCursor, direction: Direction): Condition[] {
  const at = new Date(from.value ?? 0);
  const hour = hourOf(at);
  return [
    direction === "asc" ? sql`u.hour >= ${hour}` : sql`u.hour <= ${hour}`,
    sql`(u.hour, u.last_used_at, u.key_id) ${comparison(direction, from.isIncluded)} (${hour}, ${at}, ${from.id}::uuid)`,
  ];
}

/** Sorts all keys that the filters' indexes find; null if there are too many. */
async function findAndSort(request: WalkRequest): Promise<Walk | null> {
  const { selection, sort, from, isBackwards, limit, bounds } = request;
  const ids = await findByIndex(selection, bounds.found + 1);
  if (ids.length > bounds.found) return null;
  const { column } = sort;
  const walked = (sort.direction === "asc") !== isBackwards ? ("asc" as const) : ("desc" as const);
  const direction = walked === "asc" ? sql`asc` : sql`desc`;
  const place = column === "used" ? sql`u.last_used_at` : OUTSIDE[column];
  const behind = column === "used" ? sql`case when ${place} is null then k.created_at end ${direction},` : Prisma.empty;
  const rows = await db.$queryRaw<Place[]>`
    select k.id, ${place} as value, k.created_at as "createdAt"
    from unnest(${ids}::uuid[]) found(id)
      join lateral (select * from api_keys where id = found.id offset 0) k on true
      ${column === "used" ? sql`left join lateral (select * from api_key_usage where key_id = k.id offset 0) u on true` : Prisma.empty}
    where ${allOf([...unindexed(selection), ...(from ? [beyondInSet(from, place, walked, isBackwards)] : [])])}
    order by (${place} is null) ${isBackwards ? sql`desc` : sql`asc`}, ${place} ${direction}, ${behind} k.id ${direction}
    limit ${limit}`;
  return { places: rows.map((row) => cursorAt(column, row)), rest: null, searched: 0 };
}

/** At most `limit` of the keys that meet the conditions with an index, in any order. */
async function findByIndex(selection: KeySelection, limit: number): Promise<string[]> {
  const statement = db.$queryRaw<{ id: string }[]>`
    select k.id from api_keys k
    where ${allOf([ofTeam(selection), ...indexed(selection), ...unusedInTeam(selection)])}
    limit ${limit}`;
  const [, rows] = await db.$transaction([byIndex(selection), statement]);
  return rows.map(({ id }) => id);
}

function beyondInSet(from: ListCursor, place: Condition, direction: Direction, isBackwards: boolean): Condition {
  const is = comparison(direction, from.isIncluded);
  if (from.value !== null) {
    const beyondValue = sql`(${place}, k.id) ${is} (${sortedValue(from)}, ${from.id}::uuid)`;
    return isBackwards ? beyondValue : sql`(${place} is null or ${beyondValue})`;
  }
  const beyondEmpty =
    from.column === "used"
      ? sql`(k.created_at, k.id) ${is} (${new Date(from.createdAt ?? 0)}, ${from.id}::uuid)`
      : sql`k.id ${is} ${from.id}::uuid`;
  return isBackwards ? sql`(${place} is not null or ${beyondEmpty})` : sql`(${place} is null and ${beyondEmpty})`;
}

/** The sorted column's value as an SQL parameter. */
function sortedValue({ column, value }: ListCursor): Condition {
  return column === "name" ? sql`${value}::text` : sql`${new Date(value ?? 0)}`;
}

function cursorAt(column: SortColumn, { id, value, createdAt }: Place): ListCursor {
  return {
    column,
    id,
    value: value instanceof Date ? value.toISOString() : value,
    createdAt: column === "used" && value === null ? (createdAt?.toISOString() ?? null) : null,
    isIncluded: false,
    rank: 0,
  };
}
