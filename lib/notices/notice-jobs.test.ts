import { afterAll, describe, expect, test } from "vitest";
import type { Actor } from "@/lib/auth/actor";
import { createScratchDatabase } from "@/lib/testing/scratch-database";

// The jobs cover all teams, so they must not see other tests' rows.
const { DATABASE_URL, TEST_OWNER_DATABASE_URL } = process.env;
const scratch = await createScratchDatabase();
Object.assign(process.env, { DATABASE_URL: scratch.url, TEST_OWNER_DATABASE_URL: scratch.ownerUrl });
const { db } = await import("@/lib/database/db");
const { changeResponsible } = await import("@/lib/api-keys/change/change-responsible");
const { revokeApiKey } = await import("@/lib/api-keys/revoke/revoke-api-key");
const { revokeMany } = await import("@/lib/api-keys/revoke/revoke-many");
const { rotateApiKey } = await import("@/lib/api-keys/rotate/rotate-api-key");
const { markNoticesRead } = await import("@/lib/notices/mark-read");
const fixtures = await import("@/lib/testing/fixtures");
const { createTestDeveloper, createTestKey, createTestMember, createTestTeam, DAY_MS, inDays, setRolePermissions } =
  fixtures;
const { noticesOf, runNoticeJobs, titlesOf, unreadOf } = await import("@/lib/testing/notices");
const { setTestPolicy } = await import("@/lib/testing/set-policy");

afterAll(async () => {
  Object.assign(process.env, { DATABASE_URL, TEST_OWNER_DATABASE_URL });
  await scratch.drop();
});

type KeyOverrides = Parameters<typeof createTestKey>[1];

/** A key that has been in use for a while and expires in so many days. */
function expiringKey(owner: Actor, days: number, overrides: KeyOverrides = {}) {
  const expiresAt = new Date(Date.now() + days * DAY_MS - 60_000);
  return createTestKey(owner, { name: "Zapier", createdAt: inDays(-60), expiresAt, ...overrides });
}

async function teamWithAdmin() {
  const team = await createTestTeam();
  return { team, admin: await createTestMember(team, { role: "Admin" }) };
}

const expire = (id: string, days: number) =>
  db.apiKey.update({ where: { id }, data: { expiresAt: new Date(Date.now() + days * DAY_MS - 60_000) } });
const readAll = (actor: Actor) => markNoticesRead(actor, { upTo: new Date() });

describe("a key that expires soon", () => {
  test("is noticed at 30, 14, 7, 3 and 1 days, each once, however many consoles look", async () => {
    const owner = await createTestDeveloper();
    const { id } = await expiringKey(owner, 29);
    const unread: number[] = [];
    for (const days of [29, 20, 13, 6, 4, 2, 1, 0.5]) {
      await expire(id, days);
      await Promise.all([runNoticeJobs(), runNoticeJobs(), runNoticeJobs()]);
      unread.push(await unreadOf(owner));
      await readAll(owner);
      await runNoticeJobs();
      expect(await unreadOf(owner)).toBe(0);
    }
    // A changed expiry is news as well, so every look raised it once; the list still has one notice.
    expect(unread).toEqual(unread.map(() => 1));
    expect(await titlesOf(owner)).toEqual(["“Zapier” expires in 12 hours"]);
  });

  test("isn't noticed again at the same step", async () => {
    const owner = await createTestDeveloper();
    const { id } = await expiringKey(owner, 12);
    await runNoticeJobs();
    const [first] = await noticesOf(owner);
    expect(first?.action).toEqual({ label: "Rotate or extend", path: `settings/api-keys/${id}` });
    await readAll(owner);
    await runNoticeJobs();
    expect(await noticesOf(owner)).toEqual([{ ...first, isRead: true, title: expect.any(String) }]);
    // As if the notice had been raised at the step before.
    await db.$executeRaw`update notices set data = jsonb_set(data, '{days}', '30') where key_id = ${id}::uuid`;
    await runNoticeJobs();
    expect(await unreadOf(owner)).toBe(1);
  });

  test.each([
    ["is revoked", { revokedAt: new Date() }],
    ["was created for a short time", { createdAt: inDays(-1), expiresAt: inDays(1) }],
    ["has expired", { expiresAt: inDays(-1) }],
    ["expires in more than 30 days", { expiresAt: inDays(31) }],
  ])("isn't noticed if it %s", async (_, overrides) => {
    const owner = await createTestDeveloper();
    await expiringKey(owner, 10, overrides);
    await runNoticeJobs();
    expect(await titlesOf(owner)).toEqual([]);
  });

  test("is no notice any more once it is rotated, revoked or extended", async () => {
    const owner = await createTestDeveloper();
    const [rotated, revoked, extended] = [
      await expiringKey(owner, 5),
      await expiringKey(owner, 5),
      await expiringKey(owner, 5),
    ];
    await runNoticeJobs();
    expect(await unreadOf(owner)).toBe(3);
    await rotateApiKey(owner, { id: rotated.id });
    await revokeApiKey(owner, { id: revoked.id });
    await expire(extended.id, 80);
    expect(await noticesOf(owner)).toEqual([]);
    await runNoticeJobs();
    expect(await db.notice.count({ where: { memberId: owner.memberId } })).toBe(0);
  });

  test("of a team concerns its contact; without one, an Admin; a new contact takes over", async () => {
    const { team, admin } = await teamWithAdmin();
    const contact = await createTestMember(team, { permissions: ["team.manage_keys"] });
    const next = await createTestMember(team, { permissions: ["team.manage_keys"] });
    const { id } = await expiringKey(contact, 5, { kind: "team" });
    await db.apiKey.update({ where: { id }, data: { responsibleMemberId: contact.memberId } });
    await runNoticeJobs();
    expect([await unreadOf(contact), await unreadOf(admin)]).toEqual([1, 0]);
    await changeResponsible(contact, { id, responsibleMemberId: next.memberId });
    await runNoticeJobs();
    expect([await unreadOf(contact), await unreadOf(next)]).toEqual([0, 1]);
    await db.member.update({ where: { id: next.memberId }, data: { disabledAt: new Date() } });
    await runNoticeJobs();
    const admins = await db.member.findMany({ where: { teamId: team.id, role: { grantsAll: true } } });
    expect(await db.notice.count({ where: { memberId: { in: admins.map(({ id }) => id) }, keyId: id } })).toBe(1);
  });

  test("is shown without its page to a contact who can't open it any more", async () => {
    const team = await createTestTeam();
    const contact = await createTestMember(team, { permissions: ["team.manage_keys"] });
    const { id } = await expiringKey(contact, 5, { kind: "team" });
    await db.apiKey.update({ where: { id }, data: { responsibleMemberId: contact.memberId } });
    await runNoticeJobs();
    await setRolePermissions(contact, []);
    expect(await noticesOf({ ...contact, permissions: new Set() })).toMatchObject([{ action: null }]);
  });
});

describe("a key that somebody else revokes", () => {
  test("is noticed by its owner or its contact at once, and never by whoever revoked it", async () => {
    const { team, admin } = await teamWithAdmin();
    const owner = await createTestMember(team, { role: "Developer" });
    const [single, many] = [await createTestKey(owner, { name: "One" }), await createTestKey(owner, { name: "Two" })];
    const own = await createTestKey(owner, { name: "Own" });
    const shared = await createTestKey(admin, { kind: "team", name: "Gateway" });
    await db.apiKey.update({ where: { id: shared.id }, data: { responsibleMemberId: owner.memberId } });
    await revokeApiKey(admin, { id: single.id });
    await revokeMany(admin, { ids: [many.id] });
    await rotateApiKey(admin, { id: shared.id, overlap: "none" });
    await revokeApiKey(owner, { id: own.id });
    const by = (name: string) => `${admin.name} revoked “${name}”`;
    expect((await titlesOf(owner)).sort()).toEqual([by("Gateway"), by("One"), by("Two")]);
    expect(await titlesOf(admin)).toEqual([]);
    await runNoticeJobs();
    expect(await unreadOf(owner)).toBe(3);
  });

  test("isn't noticed if the revocation fails", async () => {
    const { team, admin } = await teamWithAdmin();
    const owner = await createTestMember(team, { role: "Developer" });
    const { id } = await createTestKey(owner);
    await expect(revokeMany(admin, { ids: [id, crypto.randomUUID()] })).rejects.toThrow();
    expect(await titlesOf(owner)).toEqual([]);
  });
});

describe("a key used from a new IP address", () => {
  const seen = (keyId: string, ip: string, firstAt: Date) =>
    db.apiKeyAddress.create({
      data: { keyId, ip, userAgent: "curl/8", firstAt, lastAt: firstAt, hour: firstAt, calls: 1 },
    });

  test("is noticed once, if it had been in use for a week", async () => {
    const owner = await createTestDeveloper();
    const [known, young] = [await createTestKey(owner, { name: "Known" }), await createTestKey(owner)];
    await seen(known.id, "192.0.2.1", inDays(-20));
    await seen(young.id, "192.0.2.1", inDays(-3));
    await runNoticeJobs();
    expect(await titlesOf(owner)).toEqual([]);
    await seen(known.id, "203.0.113.9", inDays(-0.1));
    await seen(young.id, "203.0.113.9", inDays(-0.1));
    await runNoticeJobs();
    expect(await noticesOf(owner)).toMatchObject([
      { title: "“Known” was used from a new IP address", detail: expect.stringContaining("203.0.113.9, with curl/8.") },
    ]);
    await readAll(owner);
    await runNoticeJobs();
    expect(await unreadOf(owner)).toBe(0);
  });

  test("is noticed at most once a day", async () => {
    const owner = await createTestDeveloper();
    const { id } = await createTestKey(owner);
    await seen(id, "192.0.2.1", inDays(-20));
    await seen(id, "203.0.113.9", inDays(-0.2));
    await runNoticeJobs();
    await readAll(owner);
    await seen(id, "203.0.113.10", inDays(-0.1));
    await runNoticeJobs();
    expect(await unreadOf(owner)).toBe(0);
    await db.notice.updateMany({ where: { keyId: id }, data: { at: inDays(-1.1) } });
    await seen(id, "203.0.113.11", new Date());
    await runNoticeJobs();
    expect(await noticesOf(owner)).toMatchObject([{ isRead: false, detail: expect.stringContaining("203.0.113.11") }]);
  });
});

describe("for those who manage the team's keys", () => {
  test("keys that break the policy are one notice, unread again when there are more, until there are none", async () => {
    const { team, admin } = await teamWithAdmin();
    const developer = await createTestMember(team, { role: "Developer" });
    const first = await createTestKey(developer, { expiresAt: null });
    await runNoticeJobs();
    expect(await titlesOf(admin)).toEqual([]);
    await setTestPolicy(team.id, { mayNeverExpire: false });
    await runNoticeJobs();
    expect(await titlesOf(admin)).toEqual(["1 key doesn't comply with the policy"]);
    expect(await titlesOf(developer)).toEqual([]);
    await readAll(admin);
    const second = await createTestKey(developer, { expiresAt: null });
    await runNoticeJobs();
    expect([await unreadOf(admin), await titlesOf(admin)]).toEqual([1, ["2 keys don't comply with the policy"]]);
    await readAll(admin);
    await revokeApiKey(developer, { id: first.id });
    await runNoticeJobs();
    expect([await unreadOf(admin), await titlesOf(admin)]).toEqual([0, ["1 key doesn't comply with the policy"]]);
    await revokeApiKey(developer, { id: second.id });
    await runNoticeJobs();
    expect(await titlesOf(admin)).toEqual([]);
  });

  const HOUR_MS = 3_600_000;
  const denied = (keyId: string, hoursAgo: number, calls: number) => {
    const hour = new Date(Math.floor(Date.now() / HOUR_MS - hoursAgo) * HOUR_MS);
    return db.apiKeyHour.create({ data: { keyId, hour, code: "expired", calls, lastAt: hour } });
  };

  test("an hour with far more denials than any of the 7 days before is a notice for a day", async () => {
    const { team, admin } = await teamWithAdmin();
    const keyManager = await createTestMember(team, { permissions: ["team.manage_keys"] });
    const developer = await createTestMember(team, { role: "Developer" });
    const [personal, shared, usual, few] = [
      await createTestKey(developer, { name: "Personal" }),
      await createTestKey(developer, { kind: "team", name: "Shared" }),
      await createTestKey(developer, { name: "Usual" }),
      await createTestKey(developer, { name: "Few" }),
    ];
    for (const { id } of [personal, usual]) await denied(id, 30, 200);
    await denied(personal.id, 0, 1_000);
    await denied(shared.id, 0, 40);
    await denied(usual.id, 0, 500);
    await denied(few.id, 0, 20);
    await runNoticeJobs();
    const spikes = [
      "1,000 requests with “Personal” were denied in an hour",
      "40 requests with “Shared” were denied in an hour",
    ];
    expect((await titlesOf(admin)).sort()).toEqual(spikes);
    expect(await titlesOf(keyManager)).toEqual(spikes.slice(1));
    expect(await titlesOf(developer)).toEqual([]);
    expect((await noticesOf(admin)).map(({ detail }) => detail).sort()).toEqual([
      expect.stringMatching(/\d\d:00 to \d\d:00 \(UTC\)\. (At most 200|None) were in any hour of the 7 days before\.$/),
      expect.stringMatching(/in any hour of the 7 days before\.$/),
    ]);
    const yesterday = BigInt(Date.now() - 26 * HOUR_MS);
    await db.$executeRaw`update notices set data = jsonb_set(data, '{hour}', to_jsonb(${yesterday}::bigint))`;
    expect(await titlesOf(keyManager)).toEqual([]);
  });
});

test("notices older than 90 days are deleted, and those of a kind that this version doesn't know aren't shown", async () => {
  const owner = await createTestDeveloper();
  const { id } = await createTestKey(owner, { revokedAt: new Date() });
  const row = { memberId: owner.memberId, keyId: id, data: { by: "Ada" } };
  await db.notice.createMany({
    data: [
      { ...row, kind: "key_revoked", subject: "old", at: inDays(-91) },
      { ...row, kind: "key_revoked", subject: "new", at: inDays(-89) },
      { ...row, kind: "of_tomorrow", subject: "new" },
    ],
  });
  await runNoticeJobs();
  expect(await titlesOf(owner)).toHaveLength(1);
  expect(await unreadOf(owner)).toBe(1);
  const left = await db.notice.findMany({ where: { memberId: owner.memberId }, orderBy: { kind: "asc" } });
  expect(left.map(({ kind, subject }) => `${kind} ${subject}`)).toEqual(["key_revoked new", "of_tomorrow new"]);
});
