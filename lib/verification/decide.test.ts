import { describe, expect, test } from "vitest";
import {
  ANY_RESOURCE,
  accessOf,
  type DecisionCode,
  type DecisionRequest,
  decide,
  type KeyState,
  type ScopeCatalog,
} from "@/lib/verification/decide";

const now = new Date("2026-06-15T12:00:00.000Z");
const before = new Date(now.getTime() - 1);
const later = new Date(now.getTime() + 1);
const OWN = "event:1";

const catalog: ScopeCatalog = {
  access: new Map([
    ["events.read", "read"],
    ["events.write", "write"],
    ["reports.read", "read"],
  ]),
  teamKeysOnly: new Set(["keys.verify"]),
};

const role = (permissions: string[], grantsAll = false) => ({ grantsAll, permissions: new Set(permissions) });
const everything = ["events.read", "events.write", "gone.read", "audit.view", "keys.verify"];

const kinds = ["personal", "team"] as const;
const revocations = [null, before];
const expiries = [null, later, now, before];
const scopeSets = [[], ["events.read"], ["events.write", "events.read"], everything];
const members = [
  null,
  { isActive: false, role: role(everything, true) },
  { isActive: true, role: role([]) },
  { isActive: true, role: role(["events.write"]) },
  { isActive: true, role: role(everything) },
  { isActive: true, role: role([], true) },
];
const resources = [null, OWN];
const ranges = [[], ["192.0.2.0/24"]];

const nothing = { maxLifetimeDays: null, mayNeverExpire: true, requiresIps: false, memberScopes: null };
const [since, madeAt] = [new Date("2026-06-01T00:00:00.000Z"), new Date("2026-06-01T00:00:00.001Z")];
const strict = { maxLifetimeDays: null, mayNeverExpire: false, requiresIps: true, memberScopes: ["events.read"] };
const policies = [
  null,
  { ...strict, changedAt: since },
  // Changed since the key was made, or in the same instant.
  { ...strict, changedAt: madeAt },
];
const questions: DecisionRequest["scopes"][] = [
  undefined,
  [],
  ["events.read"],
  ["events.write", "events.read"],
  ["gone.read"],
  ["keys.verify"],
];
const methods = [undefined, "GET", "DELETE"];
const targets = [undefined, ANY_RESOURCE, OWN, "event:2"];
const addresses = [null, "192.0.2.7", "198.51.100.7"];

type Case = { key: KeyState; request: DecisionRequest };

const states: KeyState[] = kinds.flatMap((kind) =>
  revocations.flatMap((revokedAt) =>
    expiries.flatMap((expiresAt) =>
      scopeSets.flatMap((scopes) =>
        members.flatMap((member) =>
          resources.flatMap((resource) =>
            ranges.flatMap((allowedIps) =>
              policies.map((policy) => {
                const rest = { member, resource, allowedIps, createdAt: madeAt, policy };
                return { kind, revokedAt, expiresAt, scopes, ...rest };
              }),
            ),
          ),
        ),
      ),
    ),
  ),
);

const requests: DecisionRequest[] = questions.flatMap((scopes) =>
  methods.flatMap((method) => targets.flatMap((resource) => addresses.map((ip) => ({ scopes, method, resource, ip })))),
);

const isHeld = ({ policy }: KeyState) => policy?.changedAt === since;

/** The key's effective scopes, computed independently of the code under test. */
function effective({ kind, scopes, member, ...rest }: KeyState): string[] {
  const open = kind === "team" ? ["events.read", "events.write", "keys.verify"] : ["events.read", "events.write"];
  const may = (scope: string) => kind === "team" || member?.role.grantsAll || member?.role.permissions.has(scope);
  const isLeft = (scope: string) => kind === "team" || rest.policy?.changedAt !== since || scope === "events.read";
  return scopes.filter((scope) => open.includes(scope) && may(scope) && isLeft(scope));
}

function missing({ key, request }: Case): string[] | null {
  const held = effective(key);
  const writes = request.method === "DELETE";
  if (request.scopes?.length) {
    const lacking = request.scopes.filter((scope) => !held.includes(scope) || (writes && scope !== "events.write"));
    return lacking.length > 0 ? lacking : null;
  }
  if (!request.method) return null;
  return held.includes(writes ? "events.write" : "events.read") ? null : [];
}

function isOutOfReach({ key, request }: Case): boolean {
  if (key.resource === null || request.resource === "*" || request.resource === OWN) return false;
  return request.resource === "event:2" || Boolean(request.scopes?.length) || Boolean(request.method);
}

/** Every reason to refuse, in order of precedence. */
const reasons: [DecisionCode, (test: Case) => boolean][] = [
  ["revoked", ({ key }) => key.revokedAt !== null],
  ["expired", ({ key }) => key.expiresAt === now || key.expiresAt === before],
  ["expired", ({ key }) => isHeld(key) && key.expiresAt === null],
  ["owner_inactive", ({ key }) => key.kind === "personal" && (key.member === null || !key.member.isActive)],
  ["ip_not_allowed", ({ key, request }) => key.allowedIps.length > 0 && request.ip !== "192.0.2.7"],
  ["ip_not_allowed", ({ key }) => isHeld(key) && key.allowedIps.length === 0],
  ["insufficient_scope", (test) => missing(test) !== null],
  ["wrong_resource", isOutOfReach],
  ["valid", () => true],
];

const codeOf = (test: Case) => reasons.find(([, applies]) => applies(test))?.[0];

/** Checks every state with every request that applies, and that at least one did. */
function inEvery(applies: (test: Case) => boolean, expected: (test: Case) => unknown): void {
  let count = 0;
  for (const key of states) {
    for (const request of requests) {
      const one = { key, request };
      if (!applies(one)) continue;
      count++;
      const decision = decide(key, request, catalog, now);
      // Comparing text is what makes some hundred thousand cases quick; the failure is shown in full.
      if (JSON.stringify(decision) !== JSON.stringify(expected(one)))
        expect(decision, show(one)).toEqual(expected(one));
    }
  }
  expect(count).toBeGreaterThan(0);
}

const show = ({ key, request }: Case) =>
  JSON.stringify({ key, permissions: [...(key.member?.role.permissions ?? [])], request });

test.each(["revoked", "expired", "owner_inactive", "ip_not_allowed"] as const)(
  "of all keys for all requests, %s is told of those it is true of and no earlier reason is, without their scopes",
  (code) => {
    inEvery(
      (one) => codeOf(one) === code,
      () => ({ code }),
    );
  },
);

test("a refusal for a missing scope, or for none that allows the method, names the missing scopes and the key's own", () => {
  inEvery(
    (one) => codeOf(one) === "insufficient_scope",
    (one) => ({ code: "insufficient_scope", scopes: effective(one.key), missing: missing(one) }),
  );
});

test.each(["wrong_resource", "valid"] as const)(
  "of all keys for all requests, %s is told of those it is true of and no earlier reason is, with their scopes",
  (code) => {
    inEvery(
      (one) => codeOf(one) === code,
      ({ key }) => ({ code, scopes: effective(key) }),
    );
  },
);

test("an unknown key is not found, whatever the request", () => {
  for (const request of requests) expect(decide(null, request, catalog, now)).toEqual({ code: "not_found" });
});

test("a scope named like a console permission grants nothing, not even with a role that grants all", () => {
  const scopes = ["team.manage_keys", "developer.manage_tokens"];
  for (const kind of kinds) {
    const member = { isActive: true, role: role(scopes, true) };
    const rest = { resource: null, allowedIps: [], createdAt: madeAt, expiresAt: null, revokedAt: null, policy: null };
    const key: KeyState = { kind, scopes, member, ...rest };
    expect(decide(key, { scopes: ["team.manage_keys"], ip: null }, catalog, now)).toEqual({
      code: "insufficient_scope",
      scopes: [],
      missing: ["team.manage_keys"],
    });
  }
});

test.each([
  ["GET", "read"],
  ["HEAD", "read"],
  ["OPTIONS", "read"],
  ["POST", "write"],
  ["PUT", "write"],
  ["PATCH", "write"],
  ["DELETE", "write"],
  ["TRACE", "write"],
  ["CONNECT", "write"],
  ["get", "write"],
  ["", "write"],
  ["PROPFIND", "write"],
] as const)("the method %j is one to %s: what isn't known to be safe may change something", (method, access) => {
  expect(accessOf(method)).toBe(access);
});

describe("a key created since its team's policy was last changed", () => {
  const DAY_MS = 86_400_000;
  const TOLERANCE_MS = DAY_MS + 60_000;
  const made = { kind: "team", scopes: [], resource: null, allowedIps: [], revokedAt: null, member: null } as const;
  const codeAt = (instant: Date, policy: object, expiresAt: Date | null) => {
    const key: KeyState = {
      ...made,
      createdAt: madeAt,
      expiresAt,
      policy: { ...nothing, changedAt: since, ...policy },
    };
    return decide(key, { ip: null }, catalog, instant).code;
  };
  const afterDays = (days: number, ms = 0) => new Date(madeAt.getTime() + days * DAY_MS + ms);

  test("expires after the policy's longest lifetime, even with a later expiry of its own", () => {
    for (const expiresAt of [null, afterDays(400), afterDays(31, TOLERANCE_MS)]) {
      const policy = { maxLifetimeDays: 30 };
      expect(codeAt(afterDays(30, TOLERANCE_MS - 1), policy, expiresAt)).toBe("valid");
      expect(codeAt(afterDays(30, TOLERANCE_MS), policy, expiresAt)).toBe("expired");
    }
  });

  test("expires earlier if its own expiry is earlier", () => {
    expect(codeAt(afterDays(6), { maxLifetimeDays: 30 }, afterDays(7))).toBe("valid");
    expect(codeAt(afterDays(7), { maxLifetimeDays: 30 }, afterDays(7))).toBe("expired");
  });

  test("without an expiry expires after the longest lifetime, or at once if the policy only demands an expiry", () => {
    expect(codeAt(afterDays(29), { mayNeverExpire: false, maxLifetimeDays: 30 }, null)).toBe("valid");
    expect(codeAt(madeAt, { mayNeverExpire: false }, null)).toBe("expired");
    expect(codeAt(afterDays(9_000), { mayNeverExpire: false }, afterDays(9_001))).toBe("valid");
  });

  test("is valid when the longest lifetime exceeds the range of dates", () => {
    expect(codeAt(afterDays(9_000), { maxLifetimeDays: 2 ** 31 - 1 }, null)).toBe("valid");
  });
});
