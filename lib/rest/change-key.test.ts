import { expect, test } from "vitest";
import { changeResponsible } from "@/lib/api-keys/change/change-responsible";
import { createApiKey } from "@/lib/api-keys/create/create-api-key";
import { createApiKeySchema } from "@/lib/api-keys/schemas";
import { AUDIT_ACTIONS } from "@/lib/audit/actions";
import { db } from "@/lib/database/db";
import { changeKey } from "@/lib/rest/change-key";
import { readKey } from "@/lib/rest/read-keys";
import { changeKeySchema } from "@/lib/rest/schemas";
import {
  auditEntries,
  createTestDeveloper,
  createTestKey,
  createTestMember,
  createTestTeam,
} from "@/lib/testing/fixtures";
import { setTestPolicy } from "@/lib/testing/set-policy";

const EVENT = { type: "event", id: "018f5b5e-0000-7000-8000-000000000000" };

test("several changes of one request happen together, each with its audit entry", async () => {
  const actor = await createTestDeveloper();
  const { id } = await createTestKey(actor, { name: "before" });
  const input = changeKeySchema.parse({
    name: "after",
    expires_in: "1m",
    resource: EVENT,
    allowed_ips: ["192.0.2.0/24"],
  });
  const key = await changeKey(actor, id, input);
  expect(key).toMatchObject({ name: "after", resource: EVENT, allowed_ips: ["192.0.2.0/24"] });
  expect(key.expires_at).not.toBeNull();
  const recorded = ["api_key.renamed", "api_key.expiry_changed", "api_key.narrowed"];
  for (const action of recorded) expect(await auditEntries(actor.teamId, action), action).toHaveLength(1);
});

test("a change that can't be made leaves the others unmade", async () => {
  const actor = await createTestDeveloper();
  const { id } = await createTestKey(actor, { name: "before" });
  const before = await readKey(actor, id);
  const input = changeKeySchema.parse({ name: "after", expires_in: "1m", allowed_ips: ["192.0.2.0/24"] });
  await setTestPolicy(actor.teamId, { maxLifetimeDays: 7 });
  await expect(changeKey(actor, id, input)).rejects.toMatchObject({
    code: "invalid",
    fields: { expires_in: expect.any(String) },
  });
  expect(await readKey(actor, id)).toEqual(before);
  expect(await auditEntries(actor.teamId, "api_key.renamed")).toEqual([]);
});

test("what is so already is answered and neither written nor recorded", async () => {
  const actor = await createTestDeveloper();
  const expiresAt = new Date(Date.now() + 86_400_000);
  const resource = `${EVENT.type}:${EVENT.id}`;
  const { id } = await createTestKey(actor, {
    name: "same",
    expiresAt,
    resource,
    allowedIps: ["10.0.0.0/8", "::1/128"],
  });
  const { id: bare } = await createTestKey(actor, { name: null });
  // Not even a later policy that would reject it.
  await setTestPolicy(actor.teamId, { requiresIps: true, mayNeverExpire: false, maxLifetimeDays: 1 });
  const state = () =>
    db.$queryRaw`select xmin::text, * from api_keys where id in (${id}::uuid, ${bare}::uuid) order by id`;
  const before = await state();
  const bodies: [string, object][] = [
    [id, { name: "same" }],
    [id, { expires_at: expiresAt.toISOString() }],
    [id, { resource: EVENT }],
    [id, { resource: { ...EVENT, id: EVENT.id.toUpperCase() } }],
    [id, { allowed_ips: ["::1", "10.0.0.0/8"] }],
    [id, { name: "same", expires_at: expiresAt.toISOString(), resource: EVENT, allowed_ips: ["10.0.0.0/8", "::1"] }],
    [bare, { name: null, expires_at: null, resource: null, allowed_ips: [] }],
  ];
  for (const [key, body] of bodies) {
    expect(await changeKey(actor, key, changeKeySchema.parse(body))).toEqual(await readKey(actor, key));
  }
  expect(await state()).toEqual(before);
  expect(await db.auditEntry.count({ where: { teamId: actor.teamId, targetId: { in: [id, bare] } } })).toBe(0);
});

test("of several changes those that change something are recorded", async () => {
  const actor = await createTestDeveloper();
  const { id } = await createTestKey(actor, { name: "same", allowedIps: ["10.0.0.0/8"] });
  await changeKey(actor, id, changeKeySchema.parse({ name: "same", allowed_ips: [] }));
  expect(await auditEntries(actor.teamId, "api_key.renamed")).toEqual([]);
  expect(await auditEntries(actor.teamId, "api_key.narrowed")).toMatchObject([
    { details: { from: { resource: null, allowed_ips: ["10.0.0.0/8"] }, to: { resource: null, allowed_ips: [] } } },
  ]);
});

test("a wider reach isn't called narrowed", () => {
  expect(AUDIT_ACTIONS["api_key.narrowed"]).not.toMatch(/narrow/i);
});

test("who is responsible already stays so without an entry, also when they couldn't be chosen any more", async () => {
  const team = await createTestTeam();
  const actor = await createTestMember(team, { role: "Admin" });
  const { memberId } = await createTestMember(team);
  const terms = { kind: "team", scopes: ["events.read"], expiry: { in: "90d" }, responsibleMemberId: memberId };
  const { key } = await createApiKey(actor, createApiKeySchema.parse(terms));
  await db.member.update({ where: { id: memberId }, data: { disabledAt: new Date() } });
  const changed = await changeResponsible(actor, { id: key.id, responsibleMemberId: memberId });
  expect(changed.responsible?.id).toBe(memberId);
  expect(await auditEntries(team.id, "api_key.responsible_changed")).toEqual([]);
});
