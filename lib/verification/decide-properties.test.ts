import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  ALL,
  always,
  catalog,
  isValid,
  member,
  NAMES,
  now,
  RUNS,
  request,
  scopesOf,
  state,
} from "@/lib/testing/decision-properties";
import { decide, type KeyState } from "@/lib/verification/decide";

describe("no key is ever valid", () => {
  test.each<[string, (key: KeyState) => KeyState]>([
    ["once it is revoked", (key) => ({ ...key, revokedAt: new Date(now.getTime() - 1) })],
    ["when its revocation is dated in the future", (key) => ({ ...key, revokedAt: new Date(now.getTime() + 60_000) })],
    ["after its expiry", (key) => ({ ...key, expiresAt: new Date(now.getTime() - 1) })],
    ["at exactly its expiry", (key) => ({ ...key, expiresAt: new Date(now) })],
    ["that acts as nobody", (key) => ({ ...key, kind: "personal", member: null })],
    [
      "that acts as somebody inactive, whatever their role",
      (key) => ({ ...key, kind: "personal", member: { isActive: false, role: { ...ALL } } }),
    ],
    ["with a range that can't be read", (key) => ({ ...key, allowedIps: ["10.0.0.0/33"] })],
  ])("%s", (_, spoil) => {
    always((key, asked, known) => expect(isValid(spoil(key), asked, known, now)).toBe(false));
  });

  test("from an address outside its ranges, or from none", () => {
    always((key, asked, known) => {
      const narrowed = { ...key, allowedIps: ["203.0.113.0/24"] };
      for (const ip of [null, "203.0.114.1", "", "203.0.113", "2001:db8::1"]) {
        expect(isValid(narrowed, { ...asked, ip }, known, now)).toBe(false);
      }
    });
  });
});

test("what a personal key may do is within its scopes, its member's role and the catalog", () => {
  always((key, asked, known) => {
    for (const scope of scopesOf(decide({ ...key, kind: "personal" }, asked, known, now))) {
      expect(key.scopes).toContain(scope);
      expect(known.access.has(scope)).toBe(true);
      expect(key.member?.role.grantsAll || key.member?.role.permissions.has(scope)).toBe(true);
    }
  });
});

test("what a team key may do is within its scopes and the catalog with Latchkey's own", () => {
  always((key, asked, known) => {
    for (const scope of scopesOf(decide({ ...key, kind: "team" }, asked, known, now))) {
      expect(key.scopes).toContain(scope);
      expect(known.access.has(scope) || scope === "keys.verify").toBe(true);
    }
  });
});

test("a personal key never has keys.verify, whatever its scopes, its role and the catalog say", () => {
  always((key, asked, known) => {
    const greedy: KeyState = { ...key, kind: "personal", scopes: NAMES, member: { isActive: true, role: ALL } };
    const question = { ...asked, scopes: ["keys.verify"] };
    expect(scopesOf(decide(greedy, question, known, now))).not.toContain("keys.verify");
    expect(isValid(greedy, question, known, now)).toBe(false);
  });
});

test("a team key doesn't depend on any member", () => {
  fc.assert(
    fc.property(state, request, catalog, fc.option(member), (key, asked, known, other) => {
      const team = { ...key, kind: "team" as const };
      expect(decide({ ...team, member: other }, asked, known, now)).toEqual(decide(team, asked, known, now));
    }),
    RUNS,
  );
});

test("only scopes with write access allow a method that writes", () => {
  always((key, asked, known) => {
    const scopes = key.scopes.filter((scope) => known.access.get(scope) !== "write");
    expect(isValid({ ...key, scopes }, { ...asked, method: "POST" }, known, now)).toBe(false);
  });
});

test("the same input gives the same decision, and is not modified", () => {
  always((key, asked, known) => {
    const given = structuredClone({ key, asked, known, now });
    const first = decide(key, asked, known, now);
    const told = structuredClone(first);
    if ("scopes" in first) first.scopes.push("a caller's own");
    expect(decide(key, asked, known, now)).toEqual(told);
    expect({ key, asked, known, now }).toEqual(given);
  });
});

test("only the given instant counts, not the clock", () => {
  always((key, asked, known) => {
    const years = (count: number, at: Date | null) => at && new Date(at.getTime() + count * 31_557_600_000);
    for (const count of [-30, 30]) {
      const { policy } = key;
      const moved = {
        ...key,
        createdAt: years(count, key.createdAt) as Date,
        expiresAt: years(count, key.expiresAt),
        policy: policy && { ...policy, changedAt: years(count, policy.changedAt) as Date },
      };
      expect(decide(moved, asked, known, years(count, now) as Date)).toEqual(decide(key, asked, known, now));
    }
  });
});
