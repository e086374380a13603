import { describe, expect, test } from "vitest";
import { type Decision, decide, type KeyState } from "@/lib/verification/decide";

const now = new Date("2026-06-15T12:00:00.000Z");
const before = new Date(now.getTime() - 1);
const later = new Date(now.getTime() + 1);
const catalogue = new Set(["events.read", "events.write", "reports.read"]);

const kinds = ["personal", "team"] as const;
const revocations = [null, before];
const expiries = [null, later, now, before];
const scopeSets = [[], ["events.read"], ["events.read", "events.write"], ["events.read", "gone.read"]];
const memberships = [
  null,
  [],
  ["events.read"],
  ["events.write"],
  ["events.read", "events.write", "gone.read", "audit.view"],
];
const requests = [undefined, "events.read", "events.write", "reports.read", "gone.read", ""];

type Case = { state: KeyState; scope: string | undefined };

const everyCase: Case[] = kinds.flatMap((kind) =>
  revocations.flatMap((revokedAt) =>
    expiries.flatMap((expiresAt) =>
      scopeSets.flatMap((scopes) =>
        memberships.flatMap((permissions) => {
          const memberPermissions = permissions && new Set(permissions);
          return requests.map((scope) => ({ state: { kind, revokedAt, expiresAt, scopes, memberPermissions }, scope }));
        }),
      ),
    ),
  ),
);

const decisionOf = ({ state, scope }: Case): Decision => decide(state, { scope }, catalogue, now);

/** Checks every case that `applies`, and that there was one. */
function inEvery(applies: (test: Case) => boolean, check: (decision: Decision, test: Case) => void): void {
  const cases = everyCase.filter(applies);
  expect(cases.length).toBeGreaterThan(0);
  for (const one of cases) check(decisionOf(one), one);
}

const isDead = ({ state }: Case) => Boolean(state.revokedAt) || Boolean(state.expiresAt && state.expiresAt <= now);
const isOwnerless = ({ state }: Case) => state.kind === "personal" && state.memberPermissions === null;

describe("of all states a key can be in, for all scopes asked", () => {
  test("a revoked one is refused as revoked, expired or not", () => {
    inEvery(
      ({ state }) => state.revokedAt !== null,
      (decision) => expect(decision).toEqual({ code: "revoked" }),
    );
  });

  test("one that is past its expiry or exactly at it is refused as expired", () => {
    inEvery(
      ({ state }) => !state.revokedAt && (state.expiresAt === now || state.expiresAt === before),
      (decision) => expect(decision).toEqual({ code: "expired" }),
    );
  });

  test("a living personal one without an active membership is refused, whatever is asked", () => {
    inEvery(
      (one) => !isDead(one) && isOwnerless(one),
      (decision) => expect(decision).toEqual({ code: "owner_inactive" }),
    );
  });

  test("a personal one has at most its own scopes, what its member may do, and what the catalogue knows", () => {
    inEvery(
      (one) => !isDead(one) && !isOwnerless(one) && one.state.kind === "personal",
      (decision, { state }) => {
        const allowed = state.scopes.filter((scope) => state.memberPermissions?.has(scope) && catalogue.has(scope));
        expect(decision).toMatchObject({ scopes: allowed });
      },
    );
  });

  test("a team's one has its own scopes as far as the catalogue knows them, whatever became of any member", () => {
    inEvery(
      (one) => !isDead(one) && one.state.kind === "team",
      (decision, { state }) => {
        expect(decision).toMatchObject({ scopes: state.scopes.filter((scope) => catalogue.has(scope)) });
      },
    );
  });

  test("a living one is good exactly when it effectively has the scope asked, or none is asked", () => {
    inEvery(
      (one) => !isDead(one) && !isOwnerless(one),
      (decision, { scope }) => {
        const { scopes } = decision as { scopes: string[] };
        const isGood = scope === undefined || scopes.includes(scope);
        expect(decision).toEqual(
          isGood ? { code: "valid", scopes } : { code: "insufficient_scope", scopes, missing: scope },
        );
      },
    );
  });
});

test("a key that isn't there is not found", () => {
  for (const scope of requests) expect(decide(null, { scope }, catalogue, now)).toEqual({ code: "not_found" });
});

test("a scope of the key's that happens to be a console permission opens nothing", () => {
  const scopes = ["team.manage_keys", "developer.manage_tokens"];
  const state: KeyState = {
    kind: "personal",
    scopes,
    expiresAt: null,
    revokedAt: null,
    memberPermissions: new Set(scopes),
  };
  expect(decide(state, { scope: "team.manage_keys" }, catalogue, now)).toMatchObject({
    code: "insufficient_scope",
    scopes: [],
  });
});
