import { beforeEach, describe, expect, it } from "vitest";
import type { Actor } from "@/lib/auth/actor";
import { db } from "@/lib/database/db";
import { readReview } from "@/lib/insights/review";
import type { ReviewListName } from "@/lib/insights/review-lists";
import { findReviewed } from "@/lib/insights/review-queries";
import { expectAppError } from "@/lib/testing/expect-app-error";
import {
  createTestKey,
  createTestKeys,
  createTestMember,
  createTestTeam,
  inDays,
  recordTestUse,
  type TestTeam,
} from "@/lib/testing/fixtures";

describe("the keys that want a decision", () => {
  let team: TestTeam;
  let owner: Actor;
  let admin: Actor;

  beforeEach(async () => {
    team = await createTestTeam();
    owner = await createTestMember(team, { role: "Developer" });
    admin = await createTestMember(team, { role: "Admin" });
  });

  async function listed(actor: Actor, name: ReviewListName, now?: Date): Promise<string[]> {
    const { lists } = await readReview(actor, now);
    return lists.find((list) => list.name === name)?.keys.map((key) => key.name ?? "") ?? [];
  }

  /** A key used since yesterday, so that no list of unused keys contains it. */
  async function usedKey(overrides: Parameters<typeof createTestKey>[1]): Promise<string> {
    const { id } = await createTestKey(owner, { expiresAt: inDays(200), ...overrides });
    await recordTestUse(id, inDays(-1));
    return id;
  }

  const seenFrom = (keyId: string, ip: string, firstAt: Date) =>
    db.apiKeyAddress.create({ data: { keyId, ip, firstAt, lastAt: inDays(0), hour: inDays(0), calls: 1 } });

  it("are none where nothing is wrong, and never those revoked or expired", async () => {
    await usedKey({ name: "fine" });
    await createTestKey(owner, { revokedAt: inDays(-1) });
    const { id } = await createTestKey(owner, { expiresAt: inDays(-1) });
    await recordTestUse(id, inDays(-200));
    const { lists } = await readReview(admin);
    expect(lists.filter(({ count }) => count > 0)).toEqual([]);
  });

  it("never expire, the oldest first", async () => {
    await usedKey({ name: "older", expiresAt: null });
    await usedKey({ name: "newer", expiresAt: null });
    await usedKey({ name: "fine" });
    expect(await listed(admin, "never_expires")).toEqual(["older", "newer"]);
  });

  it("expire within 30 days, the soonest first, unless a successor is there already", async () => {
    const now = new Date();
    const at = (ms: number) => new Date(now.getTime() + ms);
    await usedKey({ name: "last moment", expiresAt: at(30 * DAY) });
    await usedKey({ name: "too far", expiresAt: at(30 * DAY + 1) });
    await usedKey({ name: "soon", expiresAt: at(1) });
    await usedKey({ name: "over", expiresAt: now });
    const replaced = await usedKey({ name: "replaced", expiresAt: at(DAY) });
    const successor = await usedKey({ name: "successor" });
    await db.apiKey.update({ where: { id: successor }, data: { rotatedFromId: replaced } });
    expect(await listed(admin, "expiring", now)).toEqual(["soon", "last moment"]);
  });

  it("are unused for 90 days, to the second, and apart from those never used", async () => {
    const now = new Date("2027-03-01T12:30:30Z");
    const at = (text: string) => new Date(text);
    for (const [name, lastUse] of [
      ["just unused", "2026-12-01T12:30:30Z"],
      ["just in use", "2026-12-01T12:30:31Z"],
      ["long unused", "2026-01-01T00:00:00Z"],
    ] as const) {
      const life = { createdAt: at("2025-12-31T00:00:00Z"), expiresAt: at("2028-01-01T00:00:00Z") };
      const { id } = await createTestKey(owner, { name, ...life });
      await recordTestUse(id, at(lastUse));
    }
    for (const [name, createdAt] of [
      ["made too lately", "2027-02-22T12:30:31Z"],
      ["never used", "2027-02-22T12:30:30Z"],
    ] as const) {
      await createTestKey(owner, { name, createdAt: at(createdAt), expiresAt: at("2028-01-01T00:00:00Z") });
    }
    expect(await listed(admin, "unused", now)).toEqual(["long unused", "just unused"]);
    expect(await listed(admin, "never_used", now)).toEqual(["never used"]);
  });

  it("are used from an address that is new within 7 days, where another was known before", async () => {
    const wandering = await usedKey({ name: "wandering" });
    await seenFrom(wandering, "192.0.2.1", inDays(-40));
    await seenFrom(wandering, "198.51.100.7", inDays(-6));
    await seenFrom(wandering, "203.0.113.9", inDays(-2));
    const settled = await usedKey({ name: "settled" });
    await seenFrom(settled, "192.0.2.1", inDays(-40));
    await seenFrom(settled, "192.0.2.2", inDays(-8));
    const fresh = await usedKey({ name: "in use since yesterday" });
    await seenFrom(fresh, "192.0.2.1", inDays(-1));
    await seenFrom(fresh, "192.0.2.2", inDays(0));
    const { lists } = await readReview(admin);
    const list = lists.find(({ name }) => name === "new_addresses");
    expect(list?.keys.map(({ name, address }) => [name, address?.ip])).toEqual([["wandering", "203.0.113.9"]]);
  });

  it("belong to somebody who is disabled or removed, or have nobody responsible any more", async () => {
    const leaver = await createTestMember(team, { role: "Developer" });
    const suspended = await createTestMember(team, { role: "Developer" });
    const banned = await createTestMember(team, { role: "Developer" });
    for (const [member, name] of [
      [leaver, "leaver's"],
      [suspended, "suspended's"],
      [banned, "banned's"],
    ] as const) {
      const { id } = await createTestKey(member, { name, expiresAt: inDays(200) });
      await recordTestUse(id, inDays(-1));
    }
    await db.member.update({ where: { id: leaver.memberId }, data: { removedAt: new Date() } });
    await db.member.update({ where: { id: suspended.memberId }, data: { disabledAt: new Date() } });
    await db.user.update({ where: { id: banned.userId }, data: { disabledAt: new Date() } });
    const orphan = await usedKey({ kind: "team", name: "orphan" });
    await db.apiKey.update({ where: { id: orphan }, data: { responsibleMemberId: leaver.memberId } });
    await usedKey({ name: "fine" });
    expect((await listed(admin, "owner_inactive")).toSorted()).toEqual([
      "banned's",
      "leaver's",
      "orphan",
      "suspended's",
    ]);
    const manager = await createTestMember(team, { permissions: ["team.manage_keys"] });
    expect(await listed(manager, "owner_inactive")).toEqual(["orphan"]);
  });

  it("are one's own for a member, the team's too for who manages them, everybody's for who manages both", async () => {
    const colleague = await createTestMember(team, { role: "Developer" });
    await createTestKey(owner, { name: "own", createdAt: inDays(-8) });
    await createTestKey(colleague, { name: "colleague's", createdAt: inDays(-8) });
    await createTestKey(owner, { kind: "team", name: "team's", createdAt: inDays(-8) });
    const stranger = await createTestMember(await createTestTeam(), { role: "Admin" });
    await createTestKey(stranger, { name: "stranger's", createdAt: inDays(-8) });
    const manager = await createTestMember(team, { permissions: ["team.manage_keys", "developer.manage_tokens"] });
    expect(await listed(owner, "never_used")).toEqual(["own"]);
    expect(await listed(manager, "never_used")).toEqual(["team's"]);
    expect(await listed(admin, "never_used")).toEqual(["own", "colleague's", "team's"]);
    expect((await readReview(admin)).coversTeam).toBe(true);
    expect((await readReview(owner)).coversTeam).toBe(false);
  });

  it("are the same whether they are picked out of the live ones or found along the team's order", async () => {
    const names = ["dead", "endless", "idle", "soon", "wandering", "new", "orphan"] as const;
    const ids = await createTestKeys(
      owner,
      names.map((name) => ({
        name,
        createdAt: inDays(-200),
        expiresAt: name === "endless" ? null : inDays(name === "dead" ? -1 : name === "soon" ? 9 : 300),
        kind: name === "orphan" ? "team" : "personal",
      })),
    );
    const idOf = (name: (typeof names)[number]) => ids[names.indexOf(name)] ?? "";
    for (const name of ["dead", "idle"] as const) await recordTestUse(idOf(name), inDays(-120));
    await seenFrom(idOf("wandering"), "192.0.2.1", inDays(-40));
    await seenFrom(idOf("wandering"), "192.0.2.2", inDays(-1));
    const leaver = await createTestMember(team, { role: "Developer" });
    await db.apiKey.update({ where: { id: idOf("orphan") }, data: { responsibleMemberId: leaver.memberId } });
    await db.member.update({ where: { id: leaver.memberId }, data: { removedAt: new Date() } });
    const manager = await createTestMember(team, { permissions: ["team.manage_keys", "developer.manage_tokens"] });
    for (const actor of [admin, owner, manager]) {
      const now = new Date();
      const picked = await findReviewed(actor, now, 50, 1_000);
      expect(picked).toEqual(await findReviewed(actor, now, 50, 0));
      expect(picked.never_used).toContain(actor === manager ? idOf("orphan") : idOf("new"));
    }
    expect(await findReviewed(admin, new Date(), 50, 1_000)).toMatchObject({
      never_expires: [idOf("endless")],
      expiring: [idOf("soon")],
      unused: [idOf("idle")],
      new_addresses: [idOf("wandering")],
      owner_inactive: [idOf("orphan")],
    });
  });

  it("are never used, the oldest first, as far as the limit, whether older than what counts as unused or not", async () => {
    const ids = await createTestKeys(
      owner,
      [60, 200, 8, 100, 3].map((age) => ({ createdAt: inDays(-age), expiresAt: inDays(300) })),
    );
    const [younger = "", oldest = "", youngest = "", old = ""] = ids;
    for (const few of [1_000, 0]) {
      for (const limit of [1, 2, 3, 4, 5]) {
        const { never_used } = await findReviewed(admin, new Date(), limit, few);
        expect(never_used).toEqual([oldest, old, younger, youngest].slice(0, limit));
      }
    }
  });

  it("are shown fifteen at a time and counted up to two hundred", async () => {
    await createTestKeys(
      owner,
      Array.from({ length: 201 }, () => ({ expiresAt: null })),
    );
    const { lists } = await readReview(admin);
    const list = lists.find(({ name }) => name === "never_expires");
    expect(list).toMatchObject({ count: 200, hasMore: true });
    expect(list?.keys).toHaveLength(15);
  });

  it("break the team's policy, for who sees the whole team, and are no list where nothing does", async () => {
    await usedKey({ name: "anywhere" });
    await usedKey({ name: "narrowed", allowedIps: ["10.0.0.0/8"] });
    expect((await readReview(admin)).lists.some(({ name }) => name === "breaks_policy")).toBe(false);
    await db.teamPolicy.create({ data: { teamId: team.id, requiresIps: true } });
    const { lists } = await readReview(admin);
    const list = lists.find(({ name }) => name === "breaks_policy");
    expect(list).toMatchObject({ count: 1, keys: [{ name: "anywhere", breaches: ["allows any IP address"] }] });
    expect((await readReview(owner)).lists.some(({ name }) => name === "breaks_policy")).toBe(false);
  });

  it("are forbidden to who may manage no keys", async () => {
    await expectAppError(readReview(await createTestMember(team, { role: "Viewer" })), "forbidden");
  });
});

const DAY = 86_400_000;
