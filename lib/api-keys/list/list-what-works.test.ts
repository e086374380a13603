import { expect, test } from "vitest";
import { renameApiKey } from "@/lib/api-keys/change/rename-api-key";
import { KEY_LISTS } from "@/lib/api-keys/list/list-choices";
import { apiKeyListSchema, countApiKeys, listApiKeys } from "@/lib/api-keys/queries";
import { revokeApiKey } from "@/lib/api-keys/revoke/revoke-api-key";
import type { Actor } from "@/lib/auth/actor";
import { db } from "@/lib/database/db";
import { createTestKey, createTestKeys, createTestMember, createTestTeam, inDays } from "@/lib/testing/fixtures";

async function onlyKey(actor: Actor) {
  const { keys } = await listApiKeys(actor, "all", apiKeyListSchema.parse({}));
  expect(keys).toHaveLength(1);
  return keys[0];
}

test("a list distinguishes effective scopes from those that the member's role has lost", async () => {
  const team = await createTestTeam();
  const admin = await createTestMember(team, { role: "Admin" });
  const member = await createTestMember(team, { permissions: ["developer.manage_tokens", "events.read"] });
  await createTestKey(member, { scopes: ["events.read", "events.write", "no.such"] });
  expect(await onlyKey(admin)).toMatchObject({
    scopes: ["events.read", "events.write", "no.such"],
    withheldScopes: ["events.write", "no.such"],
    isOwnerInactive: false,
  });
});

test("a team's key has all the scopes that exist, those of Latchkey too", async () => {
  const team = await createTestTeam();
  const admin = await createTestMember(team, { role: "Admin" });
  await createTestKey(admin, { kind: "team", scopes: ["keys.verify", "events.write", "no.such"] });
  expect(await onlyKey(admin)).toMatchObject({ withheldScopes: ["no.such"], isOwnerInactive: false });
});

test("the key of a member whose role grants everything has all the scopes that exist", async () => {
  const admin = await createTestMember(await createTestTeam(), { role: "Admin" });
  await createTestKey(admin, { scopes: ["events.write", "no.such"] });
  expect(await onlyKey(admin)).toMatchObject({ withheldScopes: ["no.such"], isOwnerInactive: false });
});

test.each([
  [
    "disabled",
    (member: Actor) => db.member.update({ where: { id: member.memberId }, data: { disabledAt: inDays(0) } }),
  ],
  ["removed", (member: Actor) => db.member.update({ where: { id: member.memberId }, data: { removedAt: inDays(0) } })],
  [
    "disabled as a person",
    (member: Actor) => db.user.update({ where: { id: member.userId }, data: { disabledAt: inDays(0) } }),
  ],
])("a list tells that the member of an active key is %s", async (_, end) => {
  const team = await createTestTeam();
  const admin = await createTestMember(team, { role: "Admin" });
  const member = await createTestMember(team, { role: "Developer" });
  await createTestKey(member);
  await end(member);
  expect(await onlyKey(admin)).toMatchObject({ status: "active", isOwnerInactive: true });
});

test("the response to a change describes the key as the list then does", async () => {
  const team = await createTestTeam();
  const admin = await createTestMember(team, { role: "Admin" });
  const member = await createTestMember(team, { permissions: ["developer.manage_tokens", "events.read"] });
  const { id } = await createTestKey(member, { scopes: ["events.read", "events.write"] });
  const renamed = await renameApiKey(member, { id, name: "After" });
  expect(renamed).toMatchObject({ withheldScopes: ["events.write"], isOwnerInactive: false });
  expect(renamed).toEqual(await onlyKey(admin));
  await db.member.update({ where: { id: member.memberId }, data: { disabledAt: inDays(0) } });
  const revoked = await revokeApiKey(admin, { id });
  expect(revoked).toMatchObject({ status: "revoked", isOwnerInactive: true });
  expect(revoked).toEqual(await onlyKey(admin));
});

test("active keys are counted with and without an expiry, of every kind that a list has but one's own, up to a thousand", async () => {
  const team = await createTestTeam();
  const admin = await createTestMember(team, { role: "Admin" });
  const other = await createTestMember(team, { role: "Developer" });
  const lives = [
    { expiresAt: null },
    { expiresAt: inDays(9) },
    { expiresAt: inDays(-1) },
    { expiresAt: null, revokedAt: inDays(-1) },
  ];
  await createTestKeys(admin, lives);
  await createTestKeys(other, lives);
  await createTestKeys(
    admin,
    lives.map((life) => ({ ...life, kind: "team" as const })),
  );
  const counts = async () => Promise.all(KEY_LISTS.map(async (list) => (await countApiKeys(admin, list)).active));
  expect(await counts()).toEqual([null, 2, 6]);
  await createTestKeys(
    admin,
    Array.from({ length: 998 }, () => ({ kind: "team" as const, expiresAt: null })),
  );
  expect(await counts()).toEqual([null, 1_000, "1,000+"]);
});
