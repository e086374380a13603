import { describe, expect, test } from "vitest";
import { createApiKey } from "@/lib/api-keys/create/create-api-key";
import { revokeApiKey } from "@/lib/api-keys/revoke/revoke-api-key";
import { endOverlap } from "@/lib/api-keys/rotate/end-overlap";
import { rotateApiKey } from "@/lib/api-keys/rotate/rotate-api-key";
import { createApiKeySchema } from "@/lib/api-keys/schemas";
import { db } from "@/lib/database/db";
import { expectAppError } from "@/lib/testing/expect-app-error";
import { createTestDeveloper, createTestKey, createTestKeys, DAY_MS, inDays } from "@/lib/testing/fixtures";
import { rowOf } from "@/lib/testing/key-state";
import { setTestPolicy } from "@/lib/testing/set-policy";

const newKey = createApiKeySchema.parse({ scopes: ["events.read"], expiry: { in: "90d" } });

describe("the quota", () => {
  const atLimit = async () => {
    const actor = await createTestDeveloper();
    const ids = await createTestKeys(
      actor,
      Array.from({ length: 10 }, () => ({})),
    );
    return { actor, id: ids[0] ?? "" };
  };

  test("lets a member with ten keys rotate one, and not make an eleventh in the meantime", async () => {
    const { actor, id } = await atLimit();
    await rotateApiKey(actor, { id, overlap: "7d" });
    await expectAppError(createApiKey(actor, newKey), "limit_reached");
  });

  test("isn't got round by rotating over and over", async () => {
    const { actor, id } = await atLimit();
    const { key } = await rotateApiKey(actor, { id, overlap: "7d" });
    const error = await expectAppError(rotateApiKey(actor, { id: key.id, overlap: "7d" }), "limit_reached");
    expect(error.message).toContain("limit of 10");
    expect((await rowOf(key.id)).expiresAt).toBeNull();
    await endOverlap(actor, { id });
    await rotateApiKey(actor, { id: key.id, overlap: "7d" });
    expect(await db.apiKey.count({ where: { memberId: actor.memberId, revokedAt: null } })).toBe(11);
  });

  test("isn't got round by revoking the successor", async () => {
    const { actor, id } = await atLimit();
    const { key } = await rotateApiKey(actor, { id, overlap: "7d" });
    await revokeApiKey(actor, { id: key.id });
    await expectAppError(createApiKey(actor, newKey), "limit_reached");
  });

  test("lets a member rotate who has more keys than a newer policy allows", async () => {
    const { actor, id } = await atLimit();
    await setTestPolicy(actor.teamId, { maxActiveKeys: 3 });
    await rotateApiKey(actor, { id, overlap: "24h" });
    const error = await expectAppError(createApiKey(actor, newKey), "limit_reached");
    expect(error.message).toContain("limit of 3");
  });

  test("holds against ten rotations and ten creations at once", async () => {
    const actor = await createTestDeveloper();
    const ids = await createTestKeys(
      actor,
      Array.from({ length: 8 }, () => ({})),
    );
    const results = await Promise.allSettled([
      ...ids.map((id) => rotateApiKey(actor, { id, overlap: "24h" })),
      ...Array.from({ length: 10 }, () => createApiKey(actor, newKey)),
    ]);
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(8 + 2);
    expect(await db.apiKey.count({ where: { memberId: actor.memberId, rotatedTo: { is: null } } })).toBe(10);
  });
});

describe("the policy at a rotation", () => {
  test("wins over the old lifetime: its own takes the place of one it doesn't allow", async () => {
    const actor = await createTestDeveloper();
    await setTestPolicy(actor.teamId, { maxLifetimeDays: 30, mayNeverExpire: false, defaultLifetime: "2w" });
    for (const expiresAt of [null, inDays(300)]) {
      const { id } = await createTestKey(actor, { expiresAt });
      const { key } = await rotateApiKey(actor, { id, overlap: "1h" });
      expect(Date.parse(key.expiresAt ?? "") - Date.parse(key.createdAt)).toBe(14 * DAY_MS);
    }
  });

  test("refuses an expiry that it doesn't allow, at its field", async () => {
    const actor = await createTestDeveloper();
    await setTestPolicy(actor.teamId, { maxLifetimeDays: 30 });
    const { id } = await createTestKey(actor);
    const error = await expectAppError(rotateApiKey(actor, { id, overlap: "1h", expiry: { in: "1y" } }), "invalid");
    expect(Object.keys(error.fields)).toEqual(["expiry"]);
    expect((await rowOf(id)).expiresAt).toBeNull();
  });

  test("drops scopes that it leaves no member, and refuses a key without the addresses it wants", async () => {
    const actor = await createTestDeveloper();
    await setTestPolicy(actor.teamId, { limitsScopes: true, memberScopes: ["events.read"] });
    const first = await createTestKey(actor, { scopes: ["events.read", "events.write"] });
    expect((await rotateApiKey(actor, { id: first.id, overlap: "1h" })).droppedScopes).toEqual(["events.write"]);
    await setTestPolicy(actor.teamId, { requiresIps: true });
    const second = await createTestKey(actor);
    const error = await expectAppError(rotateApiKey(actor, { id: second.id, overlap: "1h" }), "invalid");
    expect(Object.keys(error.fields)).toEqual(["allowedIps"]);
  });
});
