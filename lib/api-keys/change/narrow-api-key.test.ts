import { describe, expect, test } from "vitest";
import { narrowApiKey, narrowApiKeySchema } from "@/lib/api-keys/change/narrow-api-key";
import { createApiKey } from "@/lib/api-keys/create/create-api-key";
import { createApiKeySchema } from "@/lib/api-keys/schemas";
import type { Actor } from "@/lib/auth/actor";
import { db } from "@/lib/database/db";
import { expectAppError } from "@/lib/testing/expect-app-error";
import {
  auditEntries,
  createTestDeveloper,
  createTestKey,
  createTestMember,
  createTestTeam,
  inDays,
  NOWHERE,
  setRolePermissions,
} from "@/lib/testing/fixtures";
import { rowOf } from "@/lib/testing/key-state";
import { setTestPolicy } from "@/lib/testing/set-policy";
import type { DecisionRequest } from "@/lib/verification/decide";
import { verifyToken } from "@/lib/verification/verify-token";

const EVENT = "01890a5d-ac96-774b-bcce-b302099a8057";
const OTHER = "01890a5d-ac96-774b-bcce-b302099a8058";
const newKey = (narrowing: object) =>
  createApiKeySchema.parse({ scopes: ["events.read"], expiry: { in: "90d" }, ...narrowing });

/** The decision about a request with this token. */
async function codeFor(token: string, request: Partial<DecisionRequest>) {
  const context = { endpoint: "verify", client: NOWHERE, requestId: "test" } as const;
  return (await verifyToken(token, { ip: null, ...request }, context)).decision.code;
}

describe("a key created narrowed", () => {
  test("to an event reaches that event alone, whatever the case of its id", async () => {
    const actor = await createTestDeveloper();
    const { key, token } = await createApiKey(actor, newKey({ resource: { type: "event", id: EVENT.toUpperCase() } }));
    expect(key.resource).toBe(`event:${EVENT}`);
    const asked = { scopes: ["events.read"] };
    expect(await codeFor(token, { ...asked, resource: `event:${EVENT}` })).toBe("valid");
    expect(await codeFor(token, { ...asked, resource: `event:${OTHER}` })).toBe("wrong_resource");
    expect(await codeFor(token, asked)).toBe("wrong_resource");
  });

  test("to addresses works from there alone, and from nowhere unknown", async () => {
    const actor = await createTestDeveloper();
    const { token } = await createApiKey(actor, newKey({ allowedIps: ["203.0.113.7", "2001:db8::/32"] }));
    for (const ip of ["203.0.113.7", "::ffff:203.0.113.7", "2001:db8::9"]) {
      expect(await codeFor(token, { ip }), ip).toBe("valid");
    }
    for (const ip of ["203.0.113.8", "2001:db9::9", null]) {
      expect(await codeFor(token, { ip }), String(ip)).toBe("ip_not_allowed");
    }
  });

  test("says so in its audit entry", async () => {
    const actor = await createTestDeveloper();
    await createApiKey(actor, newKey({ resource: { type: "event", id: EVENT }, allowedIps: ["10.0.0.0/8"] }));
    expect(await auditEntries(actor.teamId, "api_key.created")).toMatchObject([
      { details: { resource: `event:${EVENT}`, allowed_ips: ["10.0.0.0/8"] } },
    ]);
  });

  test.each([
    ["of a kind that the catalog doesn't know", { type: "venue", id: EVENT }],
    ["of a kind that every object has", { type: "constructor", id: EVENT }],
    ["whose id is no UUID", { type: "event", id: "42" }],
    ["whose id has more in it", { type: "event", id: `${EVENT}:*` }],
    ["that means any", { type: "event", id: "*" }],
    ["without an id", { type: "event", id: " " }],
  ])("is refused with a resource %s, at its field", async (_, resource) => {
    const actor = await createTestDeveloper();
    const error = await expectAppError(createApiKey(actor, { ...newKey({}), resource }), "invalid");
    expect(Object.keys(error.fields)).toEqual(["resource"]);
    expect(await db.apiKey.count({ where: { teamId: actor.teamId } })).toBe(0);
  });
});

describe("narrowing a key", () => {
  test("counts from the next request on, and the audit entry has both states", async () => {
    const actor = await createTestDeveloper();
    const { id, token } = await createTestKey(actor, { allowedIps: ["192.0.2.0/24"] });
    expect(await codeFor(token, { ip: "192.0.2.9" })).toBe("valid");
    const input = narrowApiKeySchema.parse({
      id,
      resource: { type: "event", id: EVENT },
      allowedIps: ["198.51.100.7"],
    });
    expect(await narrowApiKey(actor, input)).toMatchObject({
      resource: `event:${EVENT}`,
      allowedIps: ["198.51.100.7/32"],
    });
    expect(await codeFor(token, { ip: "192.0.2.9" })).toBe("ip_not_allowed");
    expect(await codeFor(token, { ip: "198.51.100.7", scopes: ["events.read"] })).toBe("wrong_resource");
    expect(await auditEntries(actor.teamId, "api_key.narrowed")).toMatchObject([
      {
        actorId: actor.userId,
        targetId: id,
        details: {
          kind: "personal",
          from: { resource: null, allowed_ips: ["192.0.2.0/24"] },
          to: { resource: `event:${EVENT}`, allowed_ips: ["198.51.100.7/32"] },
        },
      },
    ]);
  });

  test("leaves omitted fields unchanged, and can widen", async () => {
    const actor = await createTestDeveloper();
    const { id } = await createTestKey(actor, { resource: `event:${EVENT}`, allowedIps: ["10.0.0.0/8"] });
    expect(await narrowApiKey(actor, { id, allowedIps: [] })).toMatchObject({
      resource: `event:${EVENT}`,
      allowedIps: [],
    });
    expect(await narrowApiKey(actor, { id, resource: null })).toMatchObject({ resource: null, allowedIps: [] });
  });

  test("accepts neither scopes nor any other field", () => {
    for (const extra of [{ scopes: ["events.write"] }, { teamId: EVENT }, { expiresAt: null }]) {
      expect(narrowApiKeySchema.safeParse({ id: EVENT, ...extra }).success).toBe(false);
    }
  });

  test("of others, of other teams and of dead keys is refused", async () => {
    const team = await createTestTeam();
    const actor = await createTestMember(team);
    const colleague = await createTestKey(await createTestMember(team));
    const stranger = await createTestKey(await createTestDeveloper());
    for (const { id } of [colleague, stranger]) {
      await expectAppError(narrowApiKey(actor, { id, resource: null }), "not_found");
    }
    const teams = await createTestKey(actor, { kind: "team" });
    await expectAppError(narrowApiKey(actor, { id: teams.id, resource: null }), "not_found");
    for (const dates of [{ revokedAt: new Date() }, { expiresAt: inDays(-1) }]) {
      const { id } = await createTestKey(actor, dates);
      await expectAppError(narrowApiKey(actor, { id, allowedIps: [] }), "conflict");
    }
  });

  test("is forbidden to one who just lost the permission", async () => {
    const actor = await createTestMember(await createTestTeam(), { permissions: ["developer.manage_tokens"] });
    const { id } = await createTestKey(actor);
    await setRolePermissions(actor, []);
    await expectAppError(narrowApiKey(actor, { id, allowedIps: [] }), "forbidden");
  });

  test("doesn't happen when its audit entry can't be written", async () => {
    const actor = await createTestDeveloper();
    const { id } = await createTestKey(actor);
    const before = await rowOf(id);
    await expect(narrowApiKey({ ...actor, name: "Ada\0" }, { id, allowedIps: ["10.0.0.0/8"] })).rejects.toThrow();
    expect(await rowOf(id)).toEqual(before);
  });
});

describe("under a policy that requires addresses", () => {
  async function strictTeam(): Promise<Actor> {
    const actor = await createTestDeveloper();
    await setTestPolicy(actor.teamId, { requiresIps: true });
    return actor;
  }

  test("a key's last range can't be taken away", async () => {
    const actor = await strictTeam();
    const { id } = await createTestKey(actor, { allowedIps: ["10.0.0.0/8"] });
    const error = await expectAppError(narrowApiKey(actor, { id, allowedIps: [] }), "invalid");
    expect(Object.keys(error.fields)).toEqual(["allowedIps"]);
    expect((await rowOf(id)).allowedIps).toEqual(["10.0.0.0/8"]);
    await narrowApiKey(actor, { id, allowedIps: ["10.1.0.0/16"] });
  });

  test("a key from before the policy can still be narrowed to an event", async () => {
    const actor = await strictTeam();
    const { id } = await createTestKey(actor);
    expect(await narrowApiKey(actor, { id, resource: { type: "event", id: EVENT } })).toMatchObject({
      resource: `event:${EVENT}`,
    });
  });
});
