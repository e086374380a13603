import fc from "fast-check";
import { expect } from "vitest";
import {
  ANY_RESOURCE,
  type Decision,
  type DecisionRequest,
  decide,
  type KeyState,
  type ScopeCatalog,
} from "@/lib/verification/decide";

export const NAMES = [
  "events.read",
  "events.write",
  "reports.read",
  "reports.write",
  "keys.verify",
  "gone.read",
  "audit.view",
];

/** A role with all permissions. */
export const ALL = { grantsAll: true, permissions: new Set<string>() };

export const now = new Date("2026-06-15T12:00:00.000Z");
const names = fc.subarray(NAMES);
const instant = fc.integer({ min: -3, max: 3 }).map((ms) => new Date(now.getTime() + ms));
const resource = fc.constantFrom("event:1", "event:2", "venue:1");
const address = fc.constantFrom("192.0.2.7", "198.51.100.7", "2001:db8::7", "garbage");
const range = fc.constantFrom("192.0.2.0/24", "0.0.0.0/0", "2001:db8::/32", "198.51.100.7", "nonsense");

export const catalog: fc.Arbitrary<ScopeCatalog> = fc
  .subarray(["events.read", "events.write", "reports.read", "reports.write"])
  .map((known) => ({
    access: new Map(known.map((name) => [name, name.endsWith(".read") ? "read" : "write"])),
    teamKeysOnly: new Set(["keys.verify"]),
  }));

export const member = fc.record({
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

/** Most keys are live, or few runs would reach the later rules. */
const seldom = <Value>(value: fc.Arbitrary<Value>) =>
  fc.oneof({ weight: 6, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: value });

export const state: fc.Arbitrary<KeyState> = fc.record({
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

export const request: fc.Arbitrary<DecisionRequest> = fc.record(
  {
    scopes: fc.subarray(NAMES, { maxLength: 2 }),
    resource: fc.oneof(resource, fc.constant(ANY_RESOURCE)),
    method: fc.constantFrom("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"),
    ip: fc.option(address),
  },
  { requiredKeys: ["ip"] },
);

export const RUNS = { numRuns: 1_500 };

/** Checks the property, and that valid keys were among the samples. */
export function always(property: (key: KeyState, request: DecisionRequest, catalog: ScopeCatalog) => void): void {
  let valid = 0;
  fc.assert(
    fc.property(state, request, catalog, (...given) => {
      if (decide(...given, now).code === "valid") valid++;
      property(...given);
    }),
    RUNS,
  );
  expect(valid).toBeGreaterThan(RUNS.numRuns / 50);
}

export const scopesOf = (decision: Decision) => ("scopes" in decision ? decision.scopes : []);
export const isValid = (...given: Parameters<typeof decide>) => decide(...given).code === "valid";
