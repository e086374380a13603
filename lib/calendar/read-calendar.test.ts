import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { Actor } from "@/lib/auth/actor";
import { createFeed, listFeeds, revokeFeed } from "@/lib/calendar/feeds";
import { readCalendar } from "@/lib/calendar/read-calendar";
import { db } from "@/lib/database/db";
import { removeMember } from "@/lib/members/remove-member";
import { expectAppError } from "@/lib/testing/expect-app-error";
import {
  auditEntries,
  createTestDeveloper,
  createTestKey,
  createTestMember,
  createTestTeam,
  inDays,
  NOWHERE,
  setRolePermissions,
} from "@/lib/testing/fixtures";

const secretOf = (url: string) => new URL(url).searchParams.get("secret");
const open = async (actor: Actor, scope: "mine" | "team" = "mine") =>
  secretOf((await createFeed(actor, { scope })).url);

/** Lines as read by a client: folded ones are joined (section 3.1). */
async function linesOf(secret: string | null): Promise<string[]> {
  const text = await readCalendar(secret, NOWHERE);
  return text.replaceAll("\r\n ", "").split("\r\n");
}

const summaries = async (secret: string | null) =>
  (await linesOf(secret)).filter((line) => line.startsWith("SUMMARY:"));
const soon = (owner: Actor, name: string, overrides: Parameters<typeof createTestKey>[1] = {}) =>
  createTestKey(owner, { name, expiresAt: inDays(20), ...overrides });

describe("a calendar", () => {
  test("has an event for each active key with an expiry, at that time, by an ID that stays", async () => {
    const owner = await createTestDeveloper();
    const expiresAt = new Date("2099-05-03T10:20:30.000Z");
    const { id } = await soon(owner, "Zapier", { expiresAt });
    await soon(owner, "Revoked", { revokedAt: new Date() });
    await soon(owner, "Expired", { expiresAt: inDays(-1) });
    await soon(owner, "Forever", { expiresAt: null });
    const secret = await open(owner);
    const lines = await linesOf(secret);
    expect(lines.filter((line) => line === "BEGIN:VEVENT")).toHaveLength(1);
    expect(lines).toEqual(
      expect.arrayContaining([
        "VERSION:2.0",
        "SUMMARY:API key “Zapier” expires",
        "DTSTART:20990503T102030Z",
        expect.stringMatching(/^DTSTAMP:\d{8}T\d{6}Z$/),
        expect.stringMatching(/^PRODID:-\/\/Latchkey/),
        expect.stringMatching(new RegExp(`/settings/api-keys/${id}$`)),
      ]),
    );
    const uid = lines.find((line) => line.startsWith("UID:"));
    expect(uid).toContain(id);
    await db.apiKey.update({ where: { id }, data: { expiresAt: inDays(40), name: "Renamed" } });
    expect(await linesOf(secret)).toContain(uid);
  });

  test("is valid whatever a name contains: escaped, folded to 75 octets, each line ended by CRLF", async () => {
    const owner = await createTestDeveloper();
    await soon(owner, `a;b,c\\d\nEND:VCALENDAR\r\nX:${"é".repeat(40)}`);
    const text = await readCalendar(await open(owner), NOWHERE);
    expect(text).toMatch(/\r\nEND:VCALENDAR\r\n$/);
    expect(text.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
    for (const line of text.split("\r\n")) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
    const [summary] = (await linesOf(await open(owner))).filter((line) => line.startsWith("SUMMARY:"));
    expect(summary).toContain("a\\;b\\,c\\\\d");
    expect(text.match(/END:VCALENDAR/g)).toHaveLength(2);
  });

  test("of one's own has personal keys and those one is the contact of; of the team all that one can view", async () => {
    const team = await createTestTeam();
    const manager = await createTestMember(team, { permissions: ["team.manage_keys", "developer.manage_tokens"] });
    const other = await createTestMember(team, { role: "Developer" });
    const stranger = await createTestDeveloper();
    await soon(manager, "Mine");
    const { id } = await soon(manager, "Contact", { kind: "team" });
    await db.apiKey.update({ where: { id }, data: { responsibleMemberId: manager.memberId } });
    await soon(other, "Shared", { kind: "team" });
    await soon(other, "Of the other");
    await soon(stranger, "Elsewhere", { kind: "team" });
    const named = (...names: string[]) => names.map((name) => `SUMMARY:API key “${name}” expires`);
    expect((await summaries(await open(manager))).sort()).toEqual(named("Contact", "Mine"));
    expect((await summaries(await open(manager, "team"))).sort()).toEqual(named("Contact", "Mine", "Shared"));
    await expectAppError(createFeed(other, { scope: "team" }), "forbidden");
    expect(await listFeeds(other)).toEqual([{ scope: "mine", createdAt: null }]);
  });
});

describe("a calendar's link", () => {
  test("works until it is revoked or replaced, and both are in the audit log without the secret", async () => {
    const owner = await createTestDeveloper();
    const first = await open(owner);
    const second = await open(owner);
    await expectAppError(readCalendar(first, NOWHERE), "not_found");
    expect(await readCalendar(second, NOWHERE)).toContain("VCALENDAR");
    expect(await listFeeds(owner)).toEqual([{ scope: "mine", createdAt: expect.any(String) }]);
    await revokeFeed(owner, { scope: "mine" });
    await expectAppError(readCalendar(second, NOWHERE), "not_found");
    await expectAppError(revokeFeed(owner, { scope: "mine" }), "not_found");
    const created = await auditEntries(owner.teamId, "calendar_link.created");
    const revoked = await auditEntries(owner.teamId, "calendar_link.revoked");
    expect([created.length, revoked.length]).toEqual([2, 1]);
    expect(JSON.stringify([created, revoked])).not.toContain(second);
  });

  test("stores its secret only as a hash", async () => {
    const owner = await createTestDeveloper();
    const secret = await open(owner);
    const rows = await db.$queryRaw<{ row: string }[]>`
      select f::text as row from calendar_feeds f where member_id = ${owner.memberId}::uuid`;
    expect(rows).toHaveLength(1);
    expect(rows[0]?.row).not.toContain(secret);
  });

  test("shows nothing once its member lost the right, was disabled or removed, even if they join again", async () => {
    const team = await createTestTeam();
    const admin = await createTestMember(team, { role: "Admin" });
    const owner = await createTestMember(team, { permissions: ["developer.manage_tokens"] });
    await soon(owner, "Zapier");
    const secret = await open(owner);
    expect(await summaries(secret)).toHaveLength(1);
    await setRolePermissions(owner, []);
    expect(await summaries(secret)).toEqual([]);
    const member = { where: { id: owner.memberId } };
    await db.member.update({ ...member, data: { disabledAt: new Date() } });
    await expectAppError(readCalendar(secret, NOWHERE), "not_found");
    await db.member.update({ ...member, data: { disabledAt: null } });
    await db.user.update({ where: { id: owner.userId }, data: { disabledAt: new Date() } });
    await expectAppError(readCalendar(secret, NOWHERE), "not_found");
    await db.user.update({ where: { id: owner.userId }, data: { disabledAt: null } });
    const listed = (await db.apiKey.findMany({ where: { memberId: owner.memberId } })).map(({ id }) => id);
    await removeMember(admin, { id: owner.memberId, listed, keys: [], acceptsKnownTokens: false });
    await db.member.update({ ...member, data: { removedAt: null } });
    await expectAppError(readCalendar(secret, NOWHERE), "not_found");
  });

  test.each([null, "", "short", randomUUID(), "x".repeat(43), `${"x".repeat(42)}\0`])(
    "%j opens nothing",
    async (secret) => {
      await expectAppError(readCalendar(secret, NOWHERE), "not_found");
    },
  );

  test("can be read 60 times an hour", async () => {
    const secret = await open(await createTestDeveloper());
    for (let reads = 0; reads < 60; reads++) await readCalendar(secret, NOWHERE);
    await expectAppError(readCalendar(secret, NOWHERE), "too_many_requests");
  });
});
