import { describe, expect, test } from "vitest";
import { policyBreaches } from "@/lib/policies/team-policy";
import { always, isValid, now, scopesOf } from "@/lib/testing/decision-properties";
import { decide, type KeyState } from "@/lib/verification/decide";

describe("a team's policy", () => {
  const asMade = (key: KeyState) => ({ ...key, policy: null });
  const since = (key: KeyState, ms: number) =>
    key.policy && { ...key.policy, changedAt: new Date(key.createdAt.getTime() + ms) };

  test("never allows what would be refused without it", () => {
    always((key, asked, known) => {
      if (isValid(key, asked, known, now)) expect(isValid(asMade(key), asked, known, now)).toBe(true);
      const allowed = scopesOf(decide(asMade(key), asked, known, now));
      for (const scope of scopesOf(decide(key, asked, known, now))) {
        if (allowed.length > 0) expect(allowed).toContain(scope);
      }
    });
  });

  test("changes nothing for keys created before it, or at the same instant", () => {
    always((key, asked, known) => {
      for (const ms of [0, 1, 86_400_000]) {
        const older = { ...key, policy: since(key, ms) };
        expect(decide(older, asked, known, now)).toEqual(decide(asMade(key), asked, known, now));
      }
    });
  });

  test("changes nothing for a key that complies with it", () => {
    let kept = 0;
    always((key, asked, known) => {
      const younger = { ...key, policy: since(key, -1) };
      if (!younger.policy) return;
      const terms = { defaultLifetime: "90d", maxActiveKeys: 10, defaultOverlap: "24h", ...younger.policy } as const;
      if (Object.keys(policyBreaches(terms, key)).length > 0) return;
      kept++;
      expect(decide(younger, asked, known, now)).toEqual(decide(asMade(key), asked, known, now));
    });
    expect(kept).toBeGreaterThan(20);
  });

  test("refuses keys created since that violate its rules on addresses or lifetime", () => {
    always((key, asked, known) => {
      const strict = { changedAt: new Date(key.createdAt.getTime() - 1), memberScopes: null };
      const any = { maxLifetimeDays: null, mayNeverExpire: true, requiresIps: false };
      const spoilt: Partial<KeyState>[] = [
        { allowedIps: [], policy: { ...strict, ...any, requiresIps: true } },
        { expiresAt: null, policy: { ...strict, ...any, mayNeverExpire: false } },
        { policy: { ...strict, ...any, maxLifetimeDays: 38 } },
      ];
      for (const change of spoilt) expect(isValid({ ...key, ...change }, asked, known, now)).toBe(false);
    });
  });

  test("limits the scopes of personal keys created since, and not those of team keys", () => {
    always((key, asked, known) => {
      const younger = { ...key, policy: since(key, -1) };
      const limits = younger.policy?.memberScopes;
      if (!limits) return;
      for (const scope of scopesOf(decide({ ...younger, kind: "personal" }, asked, known, now))) {
        expect(limits).toContain(scope);
      }
      const team = { ...younger, kind: "team" as const };
      const unlimited = { ...team, policy: younger.policy && { ...younger.policy, memberScopes: null } };
      expect(decide(team, asked, known, now)).toEqual(decide(unlimited, asked, known, now));
    });
  });
});
