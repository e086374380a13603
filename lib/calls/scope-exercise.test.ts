import { describe, expect, it } from "vitest";
import { judgeScopes } from "@/lib/calls/scope-exercise";

const NOW = new Date("2027-03-01T12:00:00Z");
const daysAgo = (days: number) => new Date(NOW.getTime() - days * 86_400_000);
const key = { scopes: ["events.read", "events.write", "contacts.read"], createdAt: daysAgo(200), hasBeenUsed: true };

describe("unused scopes", () => {
  it("are those not asked for in the period, with the last time where there was one", () => {
    const uses = [
      { scope: "events.read", lastAt: daysAgo(1) },
      { scope: "events.write", lastAt: daysAgo(45) },
    ];
    expect(judgeScopes({ ...key, uses }, 30, NOW)).toEqual({
      state: "known",
      idle: [
        { scope: "events.write", lastAt: daysAgo(45).toISOString() },
        { scope: "contacts.read", lastAt: null },
      ],
    });
    expect(judgeScopes({ ...key, uses }, 90, NOW)).toMatchObject({ idle: [{ scope: "contacts.read" }] });
  });

  it("aren't named for a key that is younger than the period, to the instant", () => {
    const uses = [{ scope: "events.read", lastAt: daysAgo(1) }];
    expect(judgeScopes({ ...key, createdAt: daysAgo(29), uses }, 30, NOW)).toEqual({ state: "too_young" });
    expect(judgeScopes({ ...key, createdAt: daysAgo(30), uses }, 30, NOW)).toMatchObject({ state: "known" });
  });

  it("can't be known where nobody has ever asked about a scope", () => {
    expect(judgeScopes({ ...key, uses: [] }, 30, NOW)).toEqual({ state: "not_asked" });
    expect(judgeScopes({ ...key, hasBeenUsed: false, uses: [] }, 30, NOW)).toEqual({ state: "not_used" });
  });

  it("are none when every scope was exercised, and a scope that the key lost counts for nothing", () => {
    const uses = [...key.scopes, "reports.read"].map((scope) => ({ scope, lastAt: daysAgo(2) }));
    expect(judgeScopes({ ...key, uses }, 30, NOW)).toEqual({ state: "known", idle: [] });
  });
});
