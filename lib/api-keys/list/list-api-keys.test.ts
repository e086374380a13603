import { describe, expect, test } from "vitest";
import { apiKeyListSchema, countApiKeys, listApiKeys, readLastUse } from "@/lib/api-keys/queries";
import type { Actor } from "@/lib/auth/actor";
import { db } from "@/lib/database/db";
import { expectAppError } from "@/lib/testing/expect-app-error";
import {
  createTestDeveloper,
  createTestKey,
  createTestKeys,
  createTestMember,
  createTestTeam,
  inDays,
  recordTestUse,
} from "@/lib/testing/fixtures";

const list = (actor: Actor, parameters: Record<string, unknown> = {}) =>
  listApiKeys(actor, "personal", apiKeyListSchema.parse(parameters));

/** 120 keys in 7 different milliseconds, so that pages end within a tie. */
async function createManyKeys(actor: Actor): Promise<string[]> {
  const start = Date.parse("2026-01-01T00:00:00Z");
  const dates = Array.from({ length: 120 }, (_, index) => new Date(start + Math.floor(index / 18)));
  await createTestKeys(
    actor,
    dates.map((createdAt) => ({ createdAt })),
  );
  const rows = await db.apiKey.findMany({ where: { memberId: actor.memberId }, select: { id: true, createdAt: true } });
  const newestFirst = rows.sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime() || (a.id < b.id ? 1 : -1));
  return newestFirst.map(({ id }) => id);
}

const idsOf = (page: { keys: { id: string }[] }) => page.keys.map(({ id }) => id);

describe("paging through 120 keys that share their milliseconds", () => {
  test("shows each exactly once, newest first, and the same again on the way back", async () => {
    const actor = await createTestDeveloper();
    const expected = await createManyKeys(actor);
    const first = await list(actor);
    const second = await list(actor, { after: first.older });
    const third = await list(actor, { after: second.older });
    expect([first, second, third].map((page) => page.keys.length)).toEqual([50, 50, 20]);
    expect([...idsOf(first), ...idsOf(second), ...idsOf(third)]).toEqual(expected);
    expect([first.newer, third.older]).toEqual([null, null]);

    const back = await list(actor, { before: third.newer });
    const start = await list(actor, { before: back.newer });
    expect(idsOf(back)).toEqual(idsOf(second));
    expect(idsOf(start)).toEqual(idsOf(first));
    expect(start.newer).toBeNull();
    expect(idsOf(await list(actor, { after: start.older }))).toEqual(idsOf(second));
  });

  test("doesn't repeat or lose a key when others are created and revoked in between", async () => {
    const actor = await createTestDeveloper();
    const expected = await createManyKeys(actor);
    const first = await list(actor);
    await createTestKey(actor);
    await db.apiKey.update({ where: { id: expected[10] ?? "" }, data: { revokedAt: new Date() } });
    expect(idsOf(await list(actor, { after: first.older }))).toEqual(expected.slice(50, 100));
  });
});

test("a page that holds exactly what there is offers no further one", async () => {
  const actor = await createTestDeveloper();
  await createTestKeys(actor, Array(50).fill({}));
  expect(await list(actor)).toMatchObject({ older: null, newer: null, isCutShort: false });
});

test("a list shows nothing but the columns that may leave the server", async () => {
  const actor = await createTestDeveloper();
  await createTestKey(actor);
  const { keys } = await list(actor);
  expect(Object.keys(keys[0] ?? {}).sort()).toEqual([
    "allowedIps",
    "createdAt",
    "expiresAt",
    "id",
    "isOwnerInactive",
    "kind",
    "lastUsedAt",
    "name",
    "owner",
    "predecessorId",
    "resource",
    "responsible",
    "scopes",
    "status",
    "successorId",
    "tokenLastFour",
    "tokenStart",
    "withheldScopes",
  ]);
});

test("dead keys stay in the list, and each status finds its own", async () => {
  const actor = await createTestDeveloper();
  const active = await createTestKey(actor, { expiresAt: inDays(1) });
  const expired = await createTestKey(actor, { expiresAt: inDays(-1) });
  const revoked = await createTestKey(actor, { revokedAt: inDays(-1), expiresAt: inDays(-1) });
  expect(idsOf(await list(actor)).sort()).toEqual([active.id, expired.id, revoked.id].sort());
  for (const [status, key] of Object.entries({ active, expired, revoked })) {
    const { keys } = await list(actor, { status });
    expect(keys).toMatchObject([{ id: key.id, status }]);
  }
});

describe("keys that aren't the actor's", () => {
  test("are in no list, search, count or last use", async () => {
    const team = await createTestTeam();
    const actor = await createTestMember(team, { role: "Admin" });
    const others = [
      await createTestKey(await createTestMember(team), { name: "Shared word" }),
      await createTestKey(await createTestDeveloper(), { name: "Shared word" }),
    ];
    await createTestKey(actor, { name: "Shared word", kind: "team" });
    expect(idsOf(await list(actor))).toEqual([]);
    expect(idsOf(await list(actor, { q: "Shared word" }))).toEqual([]);
    expect(await countApiKeys(actor, "personal")).toEqual({ active: null, hasAny: false });
    for (const { id } of others) await expectAppError(readLastUse(actor, id), "not_found");
  });

  test("keys of the actor's membership in another team are not included either", async () => {
    const here = await createTestDeveloper();
    const user = { id: here.userId, name: here.name, email: "" };
    const there = await createTestMember(await createTestTeam(), {}, user);
    await createTestKey(there);
    expect(idsOf(await list(here))).toEqual([]);
    expect(idsOf(await list({ ...there, teamId: here.teamId }))).toEqual([]);
  });
});

test("having no key left is told apart from never having had one; how many there are of one's own is the quota's to count", async () => {
  const actor = await createTestDeveloper();
  expect(await countApiKeys(actor, "personal")).toEqual({ active: null, hasAny: false });
  await createTestKey(actor, { revokedAt: new Date() });
  expect(await countApiKeys(actor, "personal")).toEqual({ active: null, hasAny: true });
});

test("the last use is a time, or null for never", async () => {
  const actor = await createTestDeveloper();
  const { id } = await createTestKey(actor);
  expect(await readLastUse(actor, id)).toBeNull();
  const at = new Date("2026-05-01T10:00:00.000Z");
  await recordTestUse(id, at);
  expect(await readLastUse(actor, id)).toBe(at.toISOString());
});

test("all of it is forbidden without the permission to manage tokens", async () => {
  const actor = await createTestMember(await createTestTeam(), { role: "Member" });
  const { id } = await createTestKey(actor);
  await expectAppError(list(actor), "forbidden");
  await expectAppError(countApiKeys(actor, "personal"), "forbidden");
  await expectAppError(readLastUse(actor, id), "forbidden");
});

describe("a URL with invalid parameters", () => {
  test.each([
    { q: "\0" },
    { q: "\ud800" },
    { q: ["a", "b"] },
    { q: { contains: "x" } },
    { q: "x".repeat(101) },
    { status: "dead" },
    { status: ["active"] },
    { after: "nonsense" },
    { after: ["a"] },
    { before: "x".repeat(1_000) },
    { after: Buffer.from("0000-01-01T00:00:00.000Z~01890a5d-ac96-774b-bcce-b302099a8057").toString("base64url") },
  ])("is answered with the first page: %j", async (parameters) => {
    const actor = await createTestDeveloper();
    const { id } = await createTestKey(actor);
    expect(idsOf(await list(actor, parameters))).toEqual([id]);
  });
});
