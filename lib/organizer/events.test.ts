import { describe, expect, test } from "vitest";
import { createEvent, createEventSchema, listEvents, listEventsSchema } from "@/lib/organizer/events";
import { createTestTeam, type TestTeam } from "@/lib/testing/fixtures";

const STARTS_AT = "2027-05-01T18:00:00.000Z";

const create = (team: TestTeam, name: string) =>
  createEvent(team.id, createEventSchema.parse({ name, starts_at: STARTS_AT }));
const list = (team: TestTeam, query: Record<string, string> = {}) =>
  listEvents({ team, resource: null }, listEventsSchema.parse(query));

describe("a team's events", () => {
  test("are what was created, newest first, and nobody else's", async () => {
    const [team, other] = [await createTestTeam(), await createTestTeam()];
    await create(other, "Elsewhere");
    const first = await create(team, "First");
    await new Promise((resolve) => setTimeout(resolve, 2));
    const second = await create(team, "Second");
    expect(second).toMatchObject({ name: "Second", starts_at: STARTS_AT });
    expect(await list(team)).toEqual({ events: [second, first], next_cursor: null });
  });

  test("come page by page, each once", async () => {
    const team = await createTestTeam();
    const created = await Promise.all(Array.from({ length: 25 }, (_, index) => create(team, `Event ${index}`)));
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof list>> = await list(team, {
        limit: "10",
        ...(cursor !== null && { cursor }),
      });
      seen.push(...page.events.map(({ id }) => id));
      cursor = page.next_cursor;
    } while (cursor);
    expect(seen).toHaveLength(25);
    expect(new Set(seen)).toEqual(new Set(created.map(({ id }) => id)));
  });

  test("of another team aren't opened by its cursor", async () => {
    const [team, other] = [await createTestTeam(), await createTestTeam()];
    for (const name of ["A", "B"]) await create(other, name);
    const { next_cursor } = await list(other, { limit: "1" });
    expect(await list(team, { cursor: next_cursor ?? "" })).toEqual({ events: [], next_cursor: null });
  });
});

describe("a key narrowed to one event", () => {
  const readAs = (team: TestTeam, resource: string) => listEvents({ team, resource }, listEventsSchema.parse({}));

  test("sees that one and no other", async () => {
    const team = await createTestTeam();
    const [own] = [await create(team, "Own"), await create(team, "Other")];
    expect((await readAs(team, `event:${own.id}`)).events).toEqual([own]);
  });

  test("sees nothing of another team, of another type, or of what is no id", async () => {
    const [team, other] = [await createTestTeam(), await createTestTeam()];
    const [own, foreign] = [await create(team, "Own"), await create(other, "Foreign")];
    for (const resource of [`event:${foreign.id}`, `venue:${own.id}`, `${own.id}`, "event:", "event:1", "event:*"]) {
      expect((await readAs(team, resource)).events).toEqual([]);
    }
  });
});

test.each([
  { limit: "0" },
  { limit: "101" },
  { limit: "x" },
  { limit: "1.5" },
  { limit: "-1" },
  { cursor: "nonsense" },
  { cursor: "" },
])("a list asked for with %j is refused", (query) => {
  expect(listEventsSchema.safeParse(query).success).toBe(false);
});

test("what else stands in the query is passed over, also a token", () => {
  expect(listEventsSchema.parse({ access_token: "x", limit: "5" })).toEqual({ limit: 5 });
});

test.each([
  [{}],
  [{ name: "x" }],
  [{ starts_at: STARTS_AT }],
  [{ name: "", starts_at: STARTS_AT }],
  [{ name: "  ", starts_at: STARTS_AT }],
  [{ name: "a\0", starts_at: STARTS_AT }],
  [{ name: "x".repeat(201), starts_at: STARTS_AT }],
  [{ name: ["x"], starts_at: STARTS_AT }],
  [{ name: "x", starts_at: "tomorrow" }],
  [{ name: "x", starts_at: "0000-01-01T00:00:00Z" }],
  [{ name: "x", starts_at: "9999-01-01T00:00:00Z" }],
  [{ name: "x", starts_at: 1 }],
  [{ name: "x", starts_at: STARTS_AT, teamId: "y" }],
  [{ name: "x", starts_at: STARTS_AT, id: "y" }],
])("an event can't be %j", (input) => {
  expect(createEventSchema.safeParse(input).success).toBe(false);
});
