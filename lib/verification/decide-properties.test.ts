import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { policyBreaches } from "@/lib/policies/team-policy";
import {
  ANY_RESOURCE,
  type Decision,
  type DecisionRequest,
  decide,
  type KeyState,
  type ScopeCatalogue,
} from "@/lib/verification/decide";

const NAMES = [
  "events.read",
  "events.write",
  "reports.read",
  "reports.write",
  "keys.verify",
  "gone.read",
  "audit.view",
];

const now = new Date("2026-06-15T12:00:00.000Z");
const names = fc.subarray(NAMES);
const instant = fc.integer({ min: -3, max: 3 }).map((ms) => new Date(now.getTime() + ms));
const resource = fc.constantFrom("event:1", "event:2", "venue:1");
const address = fc.constantFrom("192.0.2.7", "198.51.100.7", "2001:db8::7", "garbage");
const range = fc.constantFrom("192.0.2.0/24", "0.0.0.0/0", "2001:db8::/32", "198.51.100.7", "nonsense");

const catalogue: fc.Arbitrary<ScopeCatalogue> = fc
  .subarray(["events.read", "events.write", "reports.read", "reports.write"])
  .map((known) => ({
    access: new Map(known.map((name) => [name, name.endsWith(".read") ? "read" : "write"])),
    teamKeysOnly: new Set(["keys.verify"]),
  }));

const member = fc.record({
  isActive: fc.boolean(),
  role: fc.record({ grantsAll: fc.boolean(), permissions: names.map((each) => new Set(each)) }),
});

const CREATED = new Date(now.getTime() - 40 * 86_400_000);

const policy = fc.record({
  changedAt: fc.integer({ min: -1, max: 1 }).map((ms) => new Date(CREATED.getTime() + ms)),
  maxLifetimeDays: fc.option(fc.constantFrom(1, 38, 39, 40, 365, 2 ** 31 - 1), { freq: 3 }),
  mayNeverExpire: fc.boolean(),
  requiresIps: fc.boolean(),
  memberScopes: fc.option(names, { freq: 2 }),
});

/** Most keys live: otherwise hardly a run would come as far as the later rules. */
const seldom = <Value>(value: fc.Arbitrary<Value>) =>
  fc.oneof({ weight: 6, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: value });

const state: fc.Arbitrary<KeyState> = fc.record({
  kind: fc.constantFrom("personal", "team"),
  scopes: names,
  resource: seldom(resource),
  allowedIps: fc.uniqueArray(range, { maxLength: 3 }),
  createdAt: fc.constant(CREATED),
  expiresAt: seldom(instant),
  revokedAt: seldom(instant),
  member: fc.option(member, { freq: 9 }),
  policy: fc.option(policy, { freq: 3 }),
});

const request: fc.Arbitrary<DecisionRequest> = fc.record(
  {
    scopes: fc.subarray(NAMES, { maxLength: 2 }),
    resource: fc.oneof(resource, fc.constant(ANY_RESOURCE)),
    method: fc.constantFrom("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"),
    ip: fc.option(address),
  },
  { requiredKeys: ["ip"] },
);

const RUNS = { numRuns: 1_500 };

/** Checks the property, and that valid keys were among those it was checked with. */
function always(property: (key: KeyState, request: DecisionRequest, catalogue: ScopeCatalogue) => void): void {
  let valid = 0;
  fc.assert(
    fc.property(state, request, catalogue, (...given) => {
      if (decide(...given, now).code === "valid") valid++;
      property(...given);
    }),
    RUNS,
  );
  expect(valid).toBeGreaterThan(RUNS.numRuns / 50);
}

const scopesOf = (decision: Decision) => ("scopes" in decision ? decision.scopes : []);
const isValid = (...given: Parameters<typeof decide>) => decide(...given).code === "valid";

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

const ALL = { grantsAll: true, permissions: new Set<string>() };

test("what a personal key may do is within its scopes, its member's role and the catalogue", () => {
  always((key, asked, known) => {
    for (const scope of scopesOf(decide({ ...key, kind: "personal" }, asked, known, now))) {
      expect(key.scopes).toContain(scope);
      expect(known.access.has(scope)).toBe(true);
      expect(key.member?.role.grantsAll || key.member?.role.permissions.has(scope)).toBe(true);
    }
  });
});

test("what a team key may do is within its scopes and the catalogue with Latchkey's own", () => {
  always((key, asked, known) => {
    for (const scope of scopesOf(decide({ ...key, kind: "team" }, asked, known, now))) {
      expect(key.scopes).toContain(scope);
      expect(known.access.has(scope) || scope === "keys.verify").toBe(true);
    }
  });
});

test("keys.verify is never a personal key's, whatever its scopes, its role and the catalogue say", () => {
  always((key, asked, known) => {
    const greedy: KeyState = { ...key, kind: "personal", scopes: NAMES, member: { isActive: true, role: ALL } };
    const question = { ...asked, scopes: ["keys.verify"] };
    expect(scopesOf(decide(greedy, question, known, now))).not.toContain("keys.verify");
    expect(isValid(greedy, question, known, now)).toBe(false);
  });
});

test("a team key doesn't depend on any member", () => {
  fc.assert(
    fc.property(state, request, catalogue, fc.option(member), (key, asked, known, other) => {
      const team = { ...key, kind: "team" as const };
      expect(decide({ ...team, member: other }, asked, known, now)).toEqual(decide(team, asked, known, now));
    }),
    RUNS,
  );
});

describe("more permissions never allow less:", () => {
  const grows = (widen: (key: KeyState, name: string) => KeyState) => {
    fc.assert(
      fc.property(state, request, catalogue, fc.constantFrom(...NAMES), (key, asked, known, name) => {
        const [less, more] = [decide(key, asked, known, now), decide(widen(key, name), asked, known, now)];
        if (less.code === "valid") expect(more.code).toBe("valid");
        expect(scopesOf(more)).toEqual(expect.arrayContaining(scopesOf(less)));
      }),
      RUNS,
    );
  };

  test("one more scope on the key", () => grows((key, name) => ({ ...key, scopes: [...key.scopes, name] })));

  test("one more permission of the role", () =>
    grows(({ member, ...key }, name) => {
      if (!member) return { ...key, member };
      const permissions = new Set([...member.role.permissions, name]);
      return { ...key, member: { ...member, role: { ...member.role, permissions } } };
    }));

  test("a role that grants all", () =>
    grows(({ member, ...key }) => ({ ...key, member: member && { ...member, role: { ...ALL } } })));
});

test("narrowing a key, by scope, resource, address, expiry or revocation, never makes it good for more", () => {
  fc.assert(
    fc.property(state, request, catalogue, state, (drawn, asked, known, other) => {
      // A policy may want a key to be narrower than it is.
      const key = { ...drawn, policy: null };
      const narrowings: Partial<KeyState>[] = [
        { scopes: key.scopes.filter((scope) => other.scopes.includes(scope)) },
        ...(key.resource === null ? [{ resource: other.resource }] : []),
        { allowedIps: key.allowedIps.length > 0 ? key.allowedIps.slice(0, 1) : other.allowedIps },
        { expiresAt: other.expiresAt && (!key.expiresAt || other.expiresAt < key.expiresAt) ? other.expiresAt : now },
        { revokedAt: key.revokedAt ?? other.revokedAt },
      ];
      for (const narrowing of narrowings) {
        const narrowed = { ...key, ...narrowing };
        if (isValid(narrowed, asked, known, now)) expect(isValid(key, asked, known, now)).toBe(true);
      }
    }),
    RUNS,
  );
});

test("asking for more, a scope, a method or a resource, never turns a refusal into a pass", () => {
  always((key, asked, known) => {
    const { method: _, ...withoutMethod } = asked;
    const lesser = [
      { ...asked, scopes: asked.scopes?.slice(1) },
      ...(asked.scopes?.length ? [withoutMethod] : []),
      { ...asked, resource: ANY_RESOURCE },
    ];
    if (!isValid(key, asked, known, now)) return;
    for (const less of lesser.filter(({ scopes }) => scopes === undefined || scopes.length > 0)) {
      expect(isValid(key, less, known, now)).toBe(true);
    }
  });
});

describe("a key narrowed to one resource", () => {
  const narrowed = (key: KeyState): KeyState => ({ ...key, resource: "event:1" });

  test("passes for its own and for “*” wherever it would without the narrowing", () => {
    always((key, asked, known) => {
      const whole = decide({ ...key, resource: null }, asked, known, now);
      for (const resource of ["event:1", ANY_RESOURCE]) {
        expect(decide(narrowed(key), { ...asked, resource }, known, now)).toEqual(whole);
      }
    });
  });

  test("never passes for another, also not for one that only begins alike", () => {
    always((key, asked, known) => {
      for (const resource of ["event:2", "event:11", "event:", "event", "", "EVENT:1", "event:1 "]) {
        expect(isValid(narrowed(key), { ...asked, resource }, known, now)).toBe(false);
      }
    });
  });

  test("never passes for a scope or a method when no resource is named", () => {
    always((key, { resource: _, ...asked }, known) => {
      for (const act of [{ scopes: ["events.read"] }, { method: "GET" }, { method: "POST", scopes: [] }]) {
        expect(isValid(narrowed(key), { ip: asked.ip, ...act }, known, now)).toBe(false);
      }
    });
  });
});

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

  test("changes nothing for keys that were there before, or from the same instant", () => {
    always((key, asked, known) => {
      for (const ms of [0, 1, 86_400_000]) {
        const older = { ...key, policy: since(key, ms) };
        expect(decide(older, asked, known, now)).toEqual(decide(asMade(key), asked, known, now));
      }
    });
  });

  test("changes nothing for a key that the console would have made under it", () => {
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

  test("lets no key be valid that was made since and breaks it in its addresses or its lifetime", () => {
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

  test("lets a member's key made since have no scope beyond it, and leaves team keys theirs", () => {
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

test("a writing method is served by scopes with write access alone", () => {
  always((key, asked, known) => {
    const scopes = key.scopes.filter((scope) => known.access.get(scope) !== "write");
    expect(isValid({ ...key, scopes }, { ...asked, method: "POST" }, known, now)).toBe(false);
  });
});

test("the same question has the same answer, and asking leaves no trace in what was given", () => {
  always((key, asked, known) => {
    const given = structuredClone({ key, asked, known, now });
    const first = decide(key, asked, known, now);
    const told = structuredClone(first);
    if ("scopes" in first) first.scopes.push("a caller's own");
    expect(decide(key, asked, known, now)).toEqual(told);
    expect({ key, asked, known, now }).toEqual(given);
  });
});

test("only the instant that is given counts, and not the clock", () => {
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
