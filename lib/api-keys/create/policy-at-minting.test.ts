import { describe, expect, test } from "vitest";
import { changeExpiry } from "@/lib/api-keys/change/change-expiry";
import { createApiKey } from "@/lib/api-keys/create/create-api-key";
import { readMintingOptions } from "@/lib/api-keys/create/minting-options";
import { createApiKeySchema } from "@/lib/api-keys/schemas";
import type { Actor } from "@/lib/auth/actor";
import { db } from "@/lib/database/db";
import { expectAppError } from "@/lib/testing/expect-app-error";
import { createTestDeveloper, createTestKey, createTestMember, createTestTeam, inDays } from "@/lib/testing/fixtures";
import { setTestPolicy } from "@/lib/testing/set-policy";

const input = (change: object = {}) =>
  createApiKeySchema.parse({ scopes: ["events.read"], expiry: { in: "2w" }, ...change });
const countKeys = ({ teamId }: Actor) => db.apiKey.count({ where: { teamId } });

async function under(demands: Parameters<typeof setTestPolicy>[1]): Promise<Actor> {
  const actor = await createTestMember(await createTestTeam(), { role: "Admin" });
  await setTestPolicy(actor.teamId, demands);
  return actor;
}

describe("creating a key", () => {
  test.each([
    ["that lives too long", { maxLifetimeDays: 30 }, { expiry: { in: "3m" } }, "expiry"],
    ["that lives too long by a date", { maxLifetimeDays: 30 }, { expiry: { at: inDays(40).toISOString() } }, "expiry"],
    ["that lives a day too long", { maxLifetimeDays: 2 }, { expiry: { in: "3d" } }, "expiry"],
    ["that never expires under a longest lifetime", { maxLifetimeDays: 30 }, { expiry: { in: "never" } }, "expiry"],
    ["that never expires", { mayNeverExpire: false }, { expiry: { in: "never" } }, "expiry"],
    ["without addresses", { requiresIps: true }, {}, "allowedIps"],
    [
      "with a scope that members don't get",
      { limitsScopes: true, memberScopes: ["events.read"] },
      { scopes: ["events.read", "events.write"] },
      "scopes",
    ],
    ["when members get no scope", { limitsScopes: true, memberScopes: [] }, {}, "scopes"],
  ])("%s is refused where the policy says so, at its field", async (_, demands, change, field) => {
    const actor = await under(demands);
    const error = await expectAppError(createApiKey(actor, input(change)), "invalid");
    expect(Object.keys(error.fields)).toEqual([field]);
    expect(await countKeys(actor)).toBe(0);
  });

  test("within the policy is no different from before", async () => {
    const actor = await under({ maxLifetimeDays: 30, mayNeverExpire: false, requiresIps: true });
    await createApiKey(actor, input({ expiry: { in: "1m" }, allowedIps: ["10.0.0.0/8"] }));
    expect(await countKeys(actor)).toBe(1);
  });

  test("of as many days as the policy names, or to the end of the last of them, is possible", async () => {
    const actor = await under({ maxLifetimeDays: 3, mayNeverExpire: false });
    await createApiKey(actor, input({ expiry: { in: "3d" } }));
    await createApiKey(actor, input({ expiry: { at: inDays(3.9).toISOString() } }));
    expect(await countKeys(actor)).toBe(2);
  });

  test("for the team is held to lifetime and addresses, not to members' scopes or number", async () => {
    const actor = await under({ limitsScopes: true, memberScopes: [], maxActiveKeys: 1, maxLifetimeDays: 30 });
    for (let number = 0; number < 2; number++) await createApiKey(actor, input({ kind: "team" }));
    await expectAppError(createApiKey(actor, input({ kind: "team", expiry: { in: "never" } })), "invalid");
  });

  test("stops at the number the policy names, also with creations at once", async () => {
    const actor = await under({ maxActiveKeys: 3 });
    const results = await Promise.allSettled(Array.from({ length: 12 }, () => createApiKey(actor, input())));
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(3);
    expect(await countKeys(actor)).toBe(3);
  });

  test("goes beyond ten where the policy allows it", async () => {
    const actor = await under({ maxActiveKeys: 12 });
    for (let number = 0; number < 12; number++) await createApiKey(actor, input());
    await expectAppError(createApiKey(actor, input()), "limit_reached");
  });

  test("is subject to its own team's policy only", async () => {
    await under({ mayNeverExpire: false });
    const actor = await createTestDeveloper();
    await expect(createApiKey(actor, input({ expiry: { in: "never" } }))).resolves.toBeDefined();
  });
});

describe("changing an expiry", () => {
  test("is held to the policy, counted from the key's creation, so that it can't be moved on for ever", async () => {
    const actor = await under({ maxLifetimeDays: 30 });
    const { id } = await createTestKey(actor, { createdAt: inDays(-25), expiresAt: inDays(5) });
    const error = await expectAppError(changeExpiry(actor, { id, expiry: { in: "2w" } }), "invalid");
    expect(Object.keys(error.fields)).toEqual(["expiry"]);
    await expectAppError(changeExpiry(actor, { id, expiry: { in: "never" } }), "invalid");
    await changeExpiry(actor, { id, expiry: { at: inDays(2) } });
  });

  test("of a key from before the policy may shorten its life, though not to more than the policy allows", async () => {
    const actor = await under({ maxLifetimeDays: 30, mayNeverExpire: false });
    const { id } = await createTestKey(actor, { createdAt: inDays(-200), expiresAt: null });
    await expectAppError(changeExpiry(actor, { id, expiry: { in: "1y" } }), "invalid");
    expect((await changeExpiry(actor, { id, expiry: { in: "2w" } })).expiresAt).not.toBeNull();
  });
});

test("the dialogs offer only what the policy allows", async () => {
  const actor = await under({
    limitsScopes: true,
    memberScopes: ["events.read", "reports.write"],
    maxActiveKeys: 4,
    defaultLifetime: "2w",
    defaultOverlap: "1h",
    maxLifetimeDays: 60,
  });
  await createTestKey(actor);
  const names = async (kind: "personal" | "team") =>
    (await readMintingOptions(actor, kind)).scopeGroups.flatMap((group) => group.permissions.map(({ name }) => name));
  expect(await names("personal")).toEqual(["events.read", "reports.write"]);
  expect(await names("team")).toContain("events.write");
  expect(await readMintingOptions(actor, "personal")).toMatchObject({
    self: { id: actor.memberId },
    countedKeys: 1,
    policy: { maxActiveKeys: 4, defaultLifetime: "2w", defaultOverlap: "1h", maxLifetimeDays: 60 },
    resourceTypes: [{ type: "event" }],
  });
});
