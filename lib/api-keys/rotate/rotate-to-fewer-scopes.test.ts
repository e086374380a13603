import { beforeAll, describe, expect, it } from "vitest";
import { rotateApiKey, rotateApiKeySchema } from "@/lib/api-keys/rotate/rotate-api-key";
import type { Actor } from "@/lib/auth/actor";
import { db } from "@/lib/database/db";
import { expectAppError } from "@/lib/testing/expect-app-error";
import { auditEntries, createTestDeveloper, createTestKey, inDays } from "@/lib/testing/fixtures";

const SCOPES = ["events.read", "events.write", "contacts.read"];

describe("rotating a key into one with fewer scopes", () => {
  let owner: Actor;

  beforeAll(async () => {
    owner = await createTestDeveloper();
  });

  it("keeps those named, leaves the old key as it is, and writes down what was dropped", async () => {
    const { id } = await createTestKey(owner, { scopes: SCOPES, expiresAt: inDays(90) });
    const { key, predecessor, droppedScopes } = await rotateApiKey(owner, { id, scopes: ["events.read"] });
    expect(key.scopes).toEqual(["events.read"]);
    expect(predecessor.scopes).toEqual(SCOPES);
    // Nothing was taken from the maker against their will.
    expect(droppedScopes).toEqual([]);
    const [rotated] = await auditEntries(owner.teamId, "api_key.rotated");
    expect(rotated?.details).toMatchObject({ dropped_scopes: ["events.write", "contacts.read"] });
  });

  it("is refused for a scope that the old key doesn't have, and changes nothing", async () => {
    const { id } = await createTestKey(owner, { scopes: ["events.read"], expiresAt: inDays(90) });
    const error = await expectAppError(rotateApiKey(owner, { id, scopes: ["events.read", "events.write"] }), "invalid");
    expect(Object.keys(error.fields)).toEqual(["scopes"]);
    expect(await db.apiKey.count({ where: { rotatedFromId: id } })).toBe(0);
  });

  it("needs at least one scope to keep", () => {
    expect(rotateApiKeySchema.safeParse({ id: crypto.randomUUID(), scopes: [] }).success).toBe(false);
  });
});
