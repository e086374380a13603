import "server-only";
import { Prisma } from "@/generated/prisma/client";
import type { Direction, KeySort, SortColumn } from "@/lib/api-keys/list/list-choices";
import {
  allOf,
  type Condition,
  inDays,
  indexed,
  type KeySelection,
  matches,
  needsBitmap,
  unindexed,
  unusedSince,
} from "@/lib/api-keys/list/list-conditions";
import type { ListCursor } from "@/lib/api-keys/list/list-cursor";
import { db } from "@/lib/database/db";

const { sql } = Prisma;

/** How much work a walk may be, so that a page's time is bounded whatever is asked for. */
export type WalkBounds = {
  /** Keys looked at in order. */
  steps: number;
  /** Keys looked at in order before an index of the filters is asked instead. */
  firstSteps: number;
  /** Keys that the filters' indexes may find, to be put in order without that order's index. */
  found: number;
};

export const PAGE_BOUNDS: WalkBounds = { steps: 10_000, firstSteps: 1_000, found: 2_000 };

/** A key's id and its place in the order. */
type Place = { id: string; value: Date | string | null; createdAt: Date | null };

export type WalkRequest = {
  selection: KeySelection;
  sort: KeySort;
  /** Where to go on from; null for the beginning, or when going back, the end. */
  from: ListCursor | null;
  isBackwards: boolean;
  /** As many keys as are wanted. */
  limit: number;
  bounds: WalkBounds;
};

/** Keys in walking order; `rest` is where the walk gave up before it had found enough, null when it didn't. */
export type Walk = { places: ListCursor[]; rest: ListCursor | null };

/**
 * The next keys of a list. Where matching keys lie close together, they are met by going along the order's own index;
 * where they are rare, an index of the filters finds all of them. Where neither ends soon, the walk gives up within its
 * bounds and says where it stopped.
 */
export async function walkKeys(request: WalkRequest): Promise<Walk> {
  const { selection, limit, bounds } = request;
  const hasIndex = indexed(selection).length > 0;
  if (!hasIndex) return goAlong(request, bounds.steps);
  if (selection.filters.hash !== null) return (await findAndSort(request)) ?? goAlong(request, bounds.steps);
  const start = await goAlong(request, bounds.firstSteps);
  if (!start.rest) return start;
  // Met as often on the rest of the way, they would be twice as many as are wanted.
  const isDense = start.places.length * bounds.steps >= 2 * limit * bounds.firstSteps;
  const dense = isDense ? await goOn(request, start) : null;
  if (dense && !dense.rest) return dense;
  return (await findAndSort(request)) ?? dense ?? goOn(request, start);
}

/** Goes on where the first steps have ended. */
async function goOn(request: WalkRequest, { places, rest }: Walk): Promise<Walk> {
  const more = await goAlong({ ...request, from: rest, limit: request.limit - places.length }, request.bounds.steps);
  return { places: [...places, ...more.places], rest: more.rest };
}

/** One stretch of an order: the keys that have a value in the sorted column, or those that have none. */
type Stretch = { column: SortColumn; isEmpty: boolean; direction: Direction };

/** Keys without a value come last, whichever the direction; going back, everything is the other way round. */
function stretchesOf({ sort: { column, direction }, isBackwards, selection }: WalkRequest): Stretch[] {
  const walked: Direction = (direction === "asc") !== isBackwards ? "asc" : "desc";
  const stretches = [{ column, isEmpty: false, direction: walked }];
  const { status, expires } = selection.filters;
  const neverEmpty = column === "created" || (column === "expires" && (expires !== null || status === "expired"));
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
    // The last step comes along whether it matches or not: there the walk goes on.
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
    if (places.length === limit) return { places, rest: null };
    const last = met.at(-1);
    if (last?.step === maxSteps) return { places, rest: cursorAt(stretch.column, last) };
  }
  return { places, rest: null };
}

/** How many keys can be read in the time in which one's use is looked up, or a text searched for in its name. */
const LOOK_UP_COST = 4;
const SEARCH_COST = 3;

function stepsFor({ column }: Stretch, { filters }: KeySelection, bound: number): number {
  const looksUp = column === "used" || filters.unused !== null;
  return Math.ceil(bound / (looksUp ? LOOK_UP_COST : filters.q ? SEARCH_COST : 1));
}

/** What goes along a stretch: the keys met on as many steps as there may be, in their order. */
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
    // One key for each use, looked up as it is met: a join would be free to read all the team's keys first.
    keys: sql`
      select key.*, w.last_used_at as place, w.hour, w.key_id
      from (select u.key_id, u.hour, u.last_used_at ${inOrder} limit ${maxSteps}) w
        cross join lateral (select * from api_keys a where a.id = w.key_id limit 1) key`,
    // The key's id as its use has it: by the key's own, all keys met would be looked up before the first is shown.
    order: sql`k.hour ${direction}, k.place ${direction}, k.key_id ${direction}`,
    remaining: [],
  };
}

const COLUMNS = { created: sql`a.created_at`, name: sql`a.name`, expires: sql`a.expires_at` };
const OUTSIDE = { created: sql`k.created_at`, name: sql`k.name`, expires: sql`k.expires_at`, used: sql`k.created_at` };

const NEVER_USED = sql`(select u.key_id from api_key_usage u where u.key_id = k.id) is null`;

/** What the order's own index can skip. Anything else here would make the steps longer than they are counted. */
function onTheWay({ column, isEmpty }: Stretch, selection: KeySelection): Condition[] {
  const { memberId, kind, filters, now } = selection;
  const since = unusedSince(selection);
  const ofTeam = kind === "team" ? [sql`a.kind = 'team'`] : [];
  if (column === "created" || column === "used") {
    return [
      ...(memberId ? [sql`a.member_id = ${memberId}::uuid`] : []),
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

const comparison = (direction: Direction, isIncluded: boolean) =>
  direction === "asc" ? (isIncluded ? sql`>=` : sql`>`) : isIncluded ? sql`<=` : sql`<`;

/** Beyond a place, within its stretch. */
function beyond({ column, isEmpty, direction }: Stretch, sorted: Condition, from: ListCursor): Condition[] {
  const is = comparison(direction, from.isIncluded);
  if (!isEmpty) return [sql`(${sorted}, a.id) ${is} (${sortedValue(from)}, ${from.id}::uuid)`];
  if (column !== "used") return [sql`a.id ${is} ${from.id}::uuid`];
  return [sql`(${sorted}, a.id) ${is} (${new Date(from.createdAt ?? 0)}, ${from.id}::uuid)`];
}

/** The hour is what the index can seek to, and follows from the instant. */
function beyondUse(from: ListCursor, direction: Direction): Condition[] {
  const at = new Date(from.value ?? 0);
  const hour = hourOf(at);
  return [
    direction === "asc" ? sql`u.hour >= ${hour}` : sql`u.hour <= ${hour}`,
    sql`(u.hour, u.last_used_at, u.key_id) ${comparison(direction, from.isIncluded)} (${hour}, ${at}, ${from.id}::uuid)`,
  ];
}

/** All keys that the filters' indexes find, put in order; null when they are too many for that. */
async function findAndSort({ selection, sort, from, isBackwards, limit, bounds }: WalkRequest): Promise<Walk | null> {
  const { column } = sort;
  const walked = (sort.direction === "asc") !== isBackwards ? ("asc" as const) : ("desc" as const);
  const direction = walked === "asc" ? sql`asc` : sql`desc`;
  const place = column === "used" ? sql`u.last_used_at` : OUTSIDE[column];
  const behind = column === "used" ? sql`case when ${place} is null then k.created_at end ${direction},` : Prisma.empty;
  // The statistics know the whole table, not this team: left to them, a rare thing would be looked for everywhere.
  // And a bitmap is finished before its first key is met, however few are wanted: it is for what has no other index.
  const bitmaps = needsBitmap(selection) ? "on" : "off";
  const asIndexed = db.$executeRaw`
    select set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', ${bitmaps}, true),
      set_config('random_page_cost', '1.1', true)`;
  const statement = db.$queryRaw<({ total: number } & Nullable<Place>)[]>`
    with found as materialized (
      select * from api_keys k
      where ${allOf([sql`k.team_id = ${selection.teamId}::uuid`, ...indexed(selection)])}
      limit ${bounds.found + 1}
    )
    select counted.total, key.*
    from (select count(*)::int as total from found) counted left join lateral (
      select k.id, ${place} as value, k.created_at as "createdAt"
      from found k ${column === "used" ? sql`left join api_key_usage u on u.key_id = k.id` : Prisma.empty}
      where counted.total <= ${bounds.found}
        and ${allOf([...unindexed(selection), ...(from ? [beyondInSet(from, place, walked, isBackwards)] : [])])}
      order by (${place} is null) ${isBackwards ? sql`desc` : sql`asc`}, ${place} ${direction}, ${behind} k.id ${direction}
      limit ${limit}
    ) key on true`;
  const [, rows] = await db.$transaction([asIndexed, statement]);
  if ((rows[0]?.total ?? 0) > bounds.found) return null;
  const places = rows.flatMap(({ id, value, createdAt }) => (id ? [cursorAt(column, { id, value, createdAt })] : []));
  return { places, rest: null };
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

type Nullable<Row> = { [Name in keyof Row]: Row[Name] | null };

/** The sorted column's value as PostgreSQL takes it. */
function sortedValue({ column, value }: ListCursor): Condition {
  return column === "name" ? sql`${value}::text` : sql`${new Date(value ?? 0)}`;
}

function cursorAt(column: SortColumn, { id, value, createdAt }: Nullable<Place> & { id: string }): ListCursor {
  return {
    column,
    id,
    value: value instanceof Date ? value.toISOString() : value,
    createdAt: column === "used" && value === null ? (createdAt?.toISOString() ?? null) : null,
    isIncluded: false,
  };
}

function hourOf(at: Date): Date {
  const hour = new Date(at);
  hour.setUTCMinutes(0, 0, 0);
  return hour;
}
