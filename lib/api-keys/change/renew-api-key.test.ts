import { expect, test } from "vitest";
import { renewApiKey } from "@/lib/api-keys/change/renew-api-key";
import { db } from "@/lib/database/db";
import { expectAppError } from "@/lib/testing/expect-app-error";
import {
  auditEntries,
  createTestDeveloper,
  createTestKey,
  createTestKeys,
  createTestMember,
  createTestTeam,
  DAY_MS,
  inDays,
} from "@/lib/testing/fixtures";
import { codeOf } from "@/lib/testing/key-state";

const expired = { createdAt: inDays(-100), expiresAt: inDays(-10) };

test("an expired key is renewed by a successor with the same configuration; the old token stays refused", async () => {
  const actor = await createTestDeveloper();
  const { id, token } = await createTestKey(actor, { ...expired, name: "Export", allowedIps: ["10.0.0.0/8"] });
  const before = await db.apiKey.findUnique({ where: { id } });
  const renewed = await renewApiKey(actor, { id });
  expect(renewed.key).toMatchObject({
    name: "Export",
    allowedIps: ["10.0.0.0/8"],
    predecessorId: id,
    status: "active",
  });
  expect(Date.parse(renewed.key.expiresAt ?? "") - Date.parse(renewed.key.createdAt)).toBe(90 * DAY_MS);
  expect(await codeOf(token)).toBe("expired");
  expect(await codeOf(renewed.token)).toBe("ip_not_allowed");
  expect(await db.apiKey.findUnique({ where: { id } })).toEqual(before);
  expect(await auditEntries(actor.teamId, "api_key.rotated")).toMatchObject([
    { targetId: id, details: { renewed: true, successor: renewed.key.id } },
  ]);
});

test("renewing twice at once makes one successor", async () => {
  const actor = await createTestDeveloper();
  const { id } = await createTestKey(actor, expired);
  const results = await Promise.allSettled(Array.from({ length: 10 }, () => renewApiKey(actor, { id })));
  expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect(await db.apiKey.count({ where: { teamId: actor.teamId } })).toBe(2);
});

test("an active key is rotated instead, and a revoked one can only be duplicated", async () => {
  const actor = await createTestDeveloper();
  const active = await createTestKey(actor);
  const revoked = await createTestKey(actor, { ...expired, revokedAt: inDays(-5) });
  expect((await expectAppError(renewApiKey(actor, { id: active.id }), "conflict")).message).toContain("Rotate it");
  expect((await expectAppError(renewApiKey(actor, { id: revoked.id }), "conflict")).message).toContain("Duplicate it");
});

test("a renewed key counts towards the quota like a new one", async () => {
  const actor = await createTestDeveloper();
  await createTestKeys(
    actor,
    Array.from({ length: 10 }, () => ({})),
  );
  const { id } = await createTestKey(actor, expired);
  await expectAppError(renewApiKey(actor, { id }), "limit_reached");
});

test("other members' and other teams' keys are not found", async () => {
  const team = await createTestTeam();
  const admin = await createTestMember(team, { role: "Admin" });
  const others = [
    await createTestKey(await createTestMember(team), expired),
    await createTestKey(await createTestDeveloper(), expired),
  ];
  for (const { id } of others) await expectAppError(renewApiKey(admin, { id }), "not_found");
});
