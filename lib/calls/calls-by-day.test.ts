import { beforeAll, describe, expect, it } from "vitest";
import type { Actor } from "@/lib/auth/actor";
import { readCallsByDay } from "@/lib/calls/calls-by-day";
import { compactHours } from "@/lib/calls/compact-hours";
import { db } from "@/lib/database/db";
import { createTestDeveloper, createTestKey, DAY_MS } from "@/lib/testing/fixtures";

const NOW = new Date("2027-03-01T15:30:00Z");

describe("calls per day", () => {
  let owner: Actor;

  beforeAll(async () => {
    owner = await createTestDeveloper();
  });

  async function keyWithHours(...hours: [hour: string, code: string, calls: number][]): Promise<string> {
    const { id } = await createTestKey(owner);
    await db.apiKeyHour.createMany({
      data: hours.map(([hour, code, calls]) => ({ keyId: id, hour, code, calls, lastAt: hour })),
    });
    return id;
  }

  it("has every day of the period, those without a call too, and today as the last", async () => {
    const { id } = await createTestKey(owner);
    for (const period of [30, 90] as const) {
      const days = await readCallsByDay(owner, id, period, NOW);
      expect(days).toHaveLength(period);
      expect(days.at(-1)).toEqual({ day: "2027-03-01", accepted: 0, refused: {} });
    }
    expect((await readCallsByDay(owner, id, 30, NOW))[0]?.day).toBe("2027-01-31");
  });

  it("sums hours up by their day in UTC and keeps the reasons apart", async () => {
    const id = await keyWithHours(
      ["2027-02-27T23:00:00Z", "valid", 5],
      ["2027-02-28T00:00:00Z", "valid", 7],
      ["2027-02-28T23:00:00Z", "valid", 11],
      ["2027-02-28T10:00:00Z", "revoked", 2],
      ["2027-02-28T11:00:00Z", "revoked", 3],
      ["2027-02-28T11:00:00Z", "ip_not_allowed", 1],
      ["2027-03-01T00:00:00Z", "expired", 4],
    );
    const days = await readCallsByDay(owner, id, 30, NOW);
    expect(days.slice(-3)).toEqual([
      { day: "2027-02-27", accepted: 5, refused: {} },
      { day: "2027-02-28", accepted: 18, refused: { revoked: 5, ip_not_allowed: 1 } },
      { day: "2027-03-01", accepted: 0, refused: { expired: 4 } },
    ]);
  });

  it("counts the running hour, which is still with the key's usage, once", async () => {
    const id = await keyWithHours(["2027-03-01T14:00:00Z", "valid", 10]);
    const use = { teamId: owner.teamId, lastUsedAt: NOW, hour: new Date("2027-03-01T15:00:00Z"), calls: 6 };
    await db.apiKeyUsage.create({ data: { keyId: id, ...use } });
    expect((await readCallsByDay(owner, id, 30, NOW)).at(-1)?.accepted).toBe(16);
    // The first call of the next hour moves the finished one.
    await db.apiKeyUsage.update({ where: { keyId: id }, data: { hour: new Date("2027-03-01T16:00:00Z"), calls: 1 } });
    expect((await readCallsByDay(owner, id, 30, new Date("2027-03-01T16:01:00Z"))).at(-1)?.accepted).toBe(17);
  });

  it("leaves out what is before the period, to the hour", async () => {
    const id = await keyWithHours(["2027-01-30T23:00:00Z", "valid", 100], ["2027-01-31T00:00:00Z", "valid", 1]);
    const days = await readCallsByDay(owner, id, 30, NOW);
    expect(days.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(1);
  });

  it("says the same before and after old hours were summed up into their day", async () => {
    const now = new Date();
    const day = new Date(Math.floor(now.getTime() / DAY_MS) * DAY_MS - 20 * DAY_MS);
    const hours = [0, 5, 23].map((hour) => new Date(day.getTime() + hour * 3_600_000).toISOString());
    const id = await keyWithHours(...hours.map((hour): [string, string, number] => [hour, "valid", 3]));
    const before = await readCallsByDay(owner, id, 30, now);
    await compactHours();
    expect(await db.apiKeyHour.count({ where: { keyId: id } })).toBe(1);
    expect(await readCallsByDay(owner, id, 30, now)).toEqual(before);
    expect(before.find((each) => each.day === day.toISOString().slice(0, 10))?.accepted).toBe(9);
  });
});
