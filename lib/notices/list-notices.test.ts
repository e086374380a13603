import { describe, expect, test } from "vitest";
import type { Actor } from "@/lib/auth/actor";
import { db } from "@/lib/database/db";
import { listNotices, noticeListSchema } from "@/lib/notices/list-notices";
import { markNoticeRead, markNoticesRead } from "@/lib/notices/mark-read";
import { createTestDeveloper, createTestKeys, createTestMember, createTestTeam, inDays } from "@/lib/testing/fixtures";
import { noticesOf, unreadOf } from "@/lib/testing/notices";

/** Notices that the member's keys were revoked, a minute apart; the first is the newest. */
async function createNotices(owner: Actor, count: number): Promise<string[]> {
  const keyIds = await createTestKeys(
    owner,
    Array.from({ length: count }, (_, n) => ({ name: `Key ${n}`, revokedAt: new Date() })),
  );
  await db.notice.createMany({
    data: keyIds.map((keyId, n) => ({
      ...{ memberId: owner.memberId, kind: "key_revoked", subject: keyId, keyId, data: { by: "Ada" } },
      at: inDays(-1 - n / 1_440),
    })),
  });
  return keyIds;
}

describe("a member's notices", () => {
  test("are listed by pages, newest first, in both directions", async () => {
    const owner = await createTestDeveloper();
    await createNotices(owner, 60);
    const read = (query: object) => listNotices(owner, noticeListSchema.parse(query));
    const first = await read({});
    const second = await read({ after: first.older });
    const third = await read({ after: second.older });
    const titles = [first, second, third].flatMap(({ notices }) => notices.map(({ title }) => title));
    expect(titles).toEqual(Array.from({ length: 60 }, (_, n) => `Ada revoked “Key ${n}”`));
    expect([first.newer, third.older]).toEqual([null, null]);
    expect(await read({ before: second.newer })).toMatchObject({ notices: first.notices, newer: null });
    expect((await read({ after: "nonsense" })).notices).toEqual(first.notices);
  });

  test("are nobody else's: not another member's, and not those of the same user in another team", async () => {
    const owner = await createTestDeveloper();
    const team = await db.team.findUniqueOrThrow({ where: { id: owner.teamId } });
    const admin = await createTestMember(team, { role: "Admin" });
    const user = await db.user.findUniqueOrThrow({ where: { id: owner.userId } });
    const elsewhere = await createTestMember(await createTestTeam(), { role: "Admin" }, user);
    await createNotices(owner, 1);
    const [notice] = await noticesOf(owner);
    for (const other of [admin, elsewhere]) {
      expect([await noticesOf(other), await unreadOf(other)]).toEqual([[], 0]);
      await markNoticeRead(other, { id: notice?.id ?? "" });
      await markNoticesRead(other, { upTo: new Date() });
    }
    expect(await unreadOf(owner)).toBe(1);
  });

  test("never show another team's key, even if a notice names it", async () => {
    const [owner, stranger] = [await createTestDeveloper(), await createTestDeveloper()];
    const [keyId] = await createNotices(stranger, 1);
    await db.notice.create({
      data: { memberId: owner.memberId, kind: "key_revoked", subject: "x", keyId: keyId ?? null, data: { by: "Ada" } },
    });
    expect(await noticesOf(owner)).toEqual([]);
  });
});

describe("reading", () => {
  test("one marks that one; all marks those raised until then, and none that came since", async () => {
    const owner = await createTestDeveloper();
    await createNotices(owner, 3);
    const [newest] = await noticesOf(owner);
    await markNoticeRead(owner, { id: newest?.id ?? "" });
    expect((await noticesOf(owner)).map(({ isRead }) => isRead)).toEqual([true, false, false]);
    expect(await unreadOf(owner)).toBe(2);
    await markNoticesRead(owner, { upTo: inDays(-1) });
    await createNotices(owner, 1);
    expect(await unreadOf(owner)).toBe(1);
  });

  test("counts no further than the bell shows", async () => {
    const owner = await createTestDeveloper();
    await createNotices(owner, 120);
    expect(await unreadOf(owner)).toBe(100);
  });
});
