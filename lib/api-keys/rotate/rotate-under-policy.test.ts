import { expect, test } from "vitest";
import { renewApiKey, renewApiKeySchema } from "@/lib/api-keys/change/renew-api-key";
import { rotateApiKey, rotateApiKeySchema } from "@/lib/api-keys/rotate/rotate-api-key";
import { db } from "@/lib/database/db";
import { rotateKey } from "@/lib/rest/rotate-key";
import { rotateKeySchema } from "@/lib/rest/schemas";
import { decideAboutToken } from "@/lib/testing/decide-about-token";
import { expectAppError } from "@/lib/testing/expect-app-error";
import { auditEntries, createTestDeveloper, createTestKey, DAY_MS, inDays } from "@/lib/testing/fixtures";
import { setTestPolicy } from "@/lib/testing/set-policy";

/** A member of a team that has come to want addresses. */
async function underAddressPolicy() {
  const actor = await createTestDeveloper();
  await setTestPolicy(actor.teamId, { requiresIps: true });
  return actor;
}

test("a leaked key without addresses is rotated in one step with the addresses that the policy wants", async () => {
  const actor = await underAddressPolicy();
  const { id, token } = await createTestKey(actor, { createdAt: inDays(-1) });
  const leaked = { id, overlap: "none" as const };
  const error = await expectAppError(rotateApiKey(actor, rotateApiKeySchema.parse(leaked)), "invalid");
  expect(Object.keys(error.fields)).toEqual(["allowedIps"]);
  expect((await decideAboutToken(token)).code).toBe("valid");

  const input = rotateApiKeySchema.parse({ ...leaked, allowedIps: ["203.0.113.7", "203.0.113.7"] });
  const { key } = await rotateApiKey(actor, input);
  expect(key.allowedIps).toEqual(["203.0.113.7/32"]);
  expect((await decideAboutToken(token)).code).toBe("revoked");
  expect((await db.apiKey.findUniqueOrThrow({ where: { id } })).allowedIps).toEqual([]);
  expect(await auditEntries(actor.teamId, "api_key.rotated")).toMatchObject([
    { targetId: id, details: { allowed_ips: { from: [], to: ["203.0.113.7/32"] } } },
  ]);
});

test("if its lifetime and the policy's default are too long, it gets the longest lifetime allowed", async () => {
  const actor = await createTestDeveloper();
  await setTestPolicy(actor.teamId, { maxLifetimeDays: 28, mayNeverExpire: false, defaultLifetime: "3m" });
  const { id } = await createTestKey(actor, { createdAt: inDays(-1), expiresAt: inDays(364) });
  const { key } = await rotateApiKey(actor, rotateApiKeySchema.parse({ id }));
  expect(Date.parse(key.expiresAt ?? "") - Date.parse(key.createdAt)).toBe(14 * DAY_MS);
});

test("an expired key is renewed with them", async () => {
  const actor = await underAddressPolicy();
  const { id } = await createTestKey(actor, { createdAt: inDays(-40), expiresAt: inDays(-1) });
  await expectAppError(renewApiKey(actor, renewApiKeySchema.parse({ id })), "invalid");
  const { key } = await renewApiKey(actor, renewApiKeySchema.parse({ id, allowedIps: ["2001:db8::/32"] }));
  expect(key.allowedIps).toEqual(["2001:db8::/32"]);
});

test("without any, the successor has its predecessor's, and the audit log doesn't mention them", async () => {
  const actor = await createTestDeveloper();
  const { id } = await createTestKey(actor, { allowedIps: ["10.0.0.0/8"] });
  const { key } = await rotateApiKey(actor, rotateApiKeySchema.parse({ id }));
  expect(key.allowedIps).toEqual(["10.0.0.0/8"]);
  const [entry] = await auditEntries(actor.teamId, "api_key.rotated");
  expect(entry?.details).not.toHaveProperty("allowed_ips");
});

test("API clients send them as allowed_ips, and the error for missing ones names that field", async () => {
  const actor = await underAddressPolicy();
  const { id } = await createTestKey(actor);
  const error = await expectAppError(rotateKey(actor, id, rotateKeySchema.parse({}), null), "invalid");
  expect(Object.keys(error.fields)).toEqual(["allowed_ips"]);
  expect(rotateKeySchema.safeParse({ allowed_ips: ["10.0.0.300"] }).success).toBe(false);
  const answer = await rotateKey(actor, id, rotateKeySchema.parse({ allowed_ips: ["198.51.100.0/24"] }), null);
  expect(answer).toMatchObject({ allowed_ips: ["198.51.100.0/24"], predecessor: { id, allowed_ips: [] } });
});
