import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  ALL,
  always,
  catalog,
  isValid,
  NAMES,
  now,
  RUNS,
  request,
  scopesOf,
  state,
} from "@/lib/testing/decision-properties";
import { ANY_RESOURCE, decide, type KeyState } from "@/lib/verification/decide";

describe("adding permissions never allows less:", () => {
  const grows = (widen: (key: KeyState, name: string) => KeyState) => {
    fc.assert(
      fc.property(state, request, catalog, fc.constantFrom(...NAMES), (key, asked, known, name) => {
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
    fc.property(state, request, catalog, state, (drawn, asked, known, other) => {
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

  test("passes for its own resource and for “*” wherever it would without the narrowing", () => {
    always((key, asked, known) => {
      const whole = decide({ ...key, resource: null }, asked, known, now);
      for (const resource of ["event:1", ANY_RESOURCE]) {
        expect(decide(narrowed(key), { ...asked, resource }, known, now)).toEqual(whole);
      }
    });
  });

  test("never passes for another resource, even one with the same beginning", () => {
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
