import { beforeAll, describe, expect, test } from "vitest";
import { KEY_LISTS, type KeyList, type KeySort, SORT_COLUMNS } from "@/lib/api-keys/list/list-choices";
import { selectionOf } from "@/lib/api-keys/list/list-conditions";
import { type ListCursor, listCursor } from "@/lib/api-keys/list/list-cursor";
import { apiKeyListSchema } from "@/lib/api-keys/list/list-input";
import { PAGE_BOUNDS, walkKeys } from "@/lib/api-keys/list/list-walk";
import { keyStatus } from "@/lib/api-keys/status";
import type { Actor } from "@/lib/auth/actor";
import { db } from "@/lib/database/db";
import { createTestKeys, createTestMember, createTestTeam, DAY_MS, recordTestUse } from "@/lib/testing/fixtures";

const NOW = new Date("2026-06-15T12:30:00.000Z");
const daysFromNow = (days: number) => new Date(NOW.getTime() + days * DAY_MS);

/** All ways a list can be found: along the order alone, by an index, with every bound reached again and again. */
const BOUNDS = {
  usual: PAGE_BOUNDS,
  "hardly any": { steps: 40, firstSteps: 8, found: 3 },
  "no room to find by index": { steps: 40, firstSteps: 4, found: 0 },
};

const FILTERS: Record<string, string>[] = [
  {},
  { status: "active" },
  { status: "expired" },
  { status: "revoked" },
  { q: "prod" },
  { q: "pr" },
  { q: "zebra" },
  { q: "nothing is called this" },
  { scope: "reports.read" },
  { expires: "30" },
  { unused: "30" },
  { unused: "never" },
  { type: "team" },
  { type: "personal" },
  { q: "prod", status: "active", scope: "reports.read", unused: "30" },
];

let admin: Actor;
let other: Actor;

/** 48 keys of two members and their team, in ties of everything, with and without name, expiry and use. */
beforeAll(async () => {
  const team = await createTestTeam();
  admin = await createTestMember(team, { role: "Admin" });
  other = await createTestMember(team);
  const stranger = await createTestMember(await createTestTeam());
  for (const [owner, kind] of [
    [admin, "personal"],
    [other, "personal"],
    [admin, "team"],
    [stranger, "personal"],
  ] as const) {
    const ids = await createTestKeys(
      owner,
      Array.from({ length: 16 }, (_, n) => ({
        kind,
        name: [null, "Zebra prod", "apple prod", "Apple", "Žluť prod"][n % 5] ?? null,
        scopes: n % 3 === 0 ? ["events.read", "reports.read"] : ["events.read"],
        createdAt: daysFromNow(-100 + (n % 4) * 30),
        expiresAt: [null, daysFromNow(-10), daysFromNow(20), daysFromNow(60), daysFromNow(20)][(n * 7) % 5] ?? null,
        revokedAt: n % 6 === 5 ? daysFromNow(-1) : null,
      })),
    );
    for (const [n, id] of ids.entries()) {
      if (n % 3 !== 1) await recordTestUse(id, new Date(daysFromNow(-(n % 7) * 10).getTime() + (n % 2) * 60_000));
    }
  }
});

type Row = Awaited<ReturnType<typeof readAll>>[number];
const readAll = () =>
  db.apiKey.findMany({ where: { teamId: admin.teamId }, include: { usage: { select: { lastUsedAt: true } } } });

/** What a list must show, said again without SQL. */
function expected(rows: Row[], list: KeyList, { column, direction }: KeySort, filters: Record<string, string>) {
  const isMeant = (row: Row) =>
    (list === "all" || row.kind === list) &&
    (list !== "personal" || row.memberId === admin.memberId) &&
    (list !== "all" || !filters.type || row.kind === filters.type) &&
    (!filters.owner || list !== "all" || row.memberId === filters.owner) &&
    (!filters.status || keyStatus(row, NOW) === filters.status) &&
    (!filters.q || (row.name ?? "").toLowerCase().includes(filters.q)) &&
    (!filters.scope || row.scopes.includes(filters.scope)) &&
    (!filters.expires ||
      (row.expiresAt !== null && row.expiresAt > NOW && row.expiresAt <= daysFromNow(30) && !row.revokedAt)) &&
    (!filters.unused ||
      (filters.unused === "never"
        ? !row.usage
        : row.createdAt <= daysFromNow(-30) && (!row.usage || row.usage.lastUsedAt <= daysFromNow(-30))));
  const sortedValue = (row: Row) =>
    ({ created: row.createdAt, name: row.name, expires: row.expiresAt, used: row.usage?.lastUsedAt ?? null })[column];
  const sign = direction === "asc" ? 1 : -1;
  const compare = (a: string | number, b: string | number) => (a < b ? -1 : a > b ? 1 : 0);
  const plain = (value: Date | string) => (typeof value === "string" ? value : value.getTime());
  return rows
    .filter(isMeant)
    .sort((a, b) => {
      const [first, second] = [sortedValue(a), sortedValue(b)];
      if (first === null || second === null) {
        if (first !== second) return first === null ? 1 : -1;
        const byCreation = column === "used" ? compare(a.createdAt.getTime(), b.createdAt.getTime()) : 0;
        return sign * (byCreation || compare(a.id, b.id));
      }
      return sign * (compare(plain(first), plain(second)) || compare(a.id, b.id));
    })
    .map(({ id }) => id);
}

/** Walks page by page until there is none, the cursors taken through their URL form. */
async function walkAll(list: KeyList, sort: KeySort, filters: Record<string, string>, bounds: typeof PAGE_BOUNDS) {
  const selection = selectionOf(admin, list, apiKeyListSchema.parse(filters), NOW);
  const walk = async (from: ListCursor | null, isBackwards: boolean) => {
    const ids: string[] = [];
    for (let place = from, pages = 0; pages < 300; pages++) {
      const { places, rest } = await walkKeys({ selection, sort, from: place, isBackwards, limit: 6, bounds });
      ids.push(...places.map(({ id }) => id));
      const next = places.length === 6 ? places.at(-1) : rest;
      if (!next) return ids;
      place = listCursor.decode(listCursor.encode(next));
    }
    throw new Error("The walk doesn't end.");
  };
  return { forwards: await walk(null, false), backwards: await walk(null, true) };
}

describe.each(Object.entries(BOUNDS))("with %s bounds", (_, bounds) => {
  describe.each(
    SORT_COLUMNS.flatMap((column) => (["asc", "desc"] as const).map((direction) => ({ column, direction }))),
  )("sorted by $column $direction", (sort) => {
    test("every page by page walk meets each key that is meant once, in order, and backwards the same", async () => {
      const rows = await readAll();
      for (const [index, filter] of [...FILTERS, { owner: other.memberId }].entries()) {
        if (bounds !== PAGE_BOUNDS && index % 2 === (sort.direction === "asc" ? 0 : 1)) continue;
        // Every filter with every order, in turn on one of the lists.
        const turn = index + sort.column.length + sort.direction.length;
        const list = KEY_LISTS[turn % KEY_LISTS.length] ?? "all";
        const wanted = expected(rows, list, sort, filter as Record<string, string>);
        const { forwards, backwards } = await walkAll(list, sort, filter as Record<string, string>, bounds);
        expect(forwards, `${list} ${JSON.stringify(filter)}`).toEqual(wanted);
        expect(backwards.reverse(), `${list} ${JSON.stringify(filter)}, backwards`).toEqual(wanted);
      }
    });
  });
});
