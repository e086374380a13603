import { describe, expect, test } from "vitest";
import { changeExpiry } from "@/lib/api-keys/change/change-expiry";
import { renameApiKey } from "@/lib/api-keys/change/rename-api-key";
import { revokeApiKey } from "@/lib/api-keys/revoke/revoke-api-key";
import type { Actor } from "@/lib/auth/actor";
import { decideAboutToken } from "@/lib/testing/decide-about-token";
import { expectAppError } from "@/lib/testing/expect-app-error";
import {
  auditEntries,
  createTestKey,
  createTestMember,
  createTestTeam,
  inDays,
  setRolePermissions,
  type TestTeam,
} from "@/lib/testing/fixtures";
import { rowOf } from "@/lib/testing/key-state";

const keyManager = (team: TestTeam) => createTestMember(team, { permissions: ["team.manage_keys"] });

/** A team key that nobody of the test made. */
async function createTeamKey(team: TestTeam, dates: { expiresAt?: Date; revokedAt?: Date } = {}) {
  return createTestKey(await createTestMember(team, { role: "Admin" }), {
    kind: "team",
    name: "API gateway",
    ...dates,
  });
}

test("members who manage team keys can rename one, and the audit entry names its kind", async () => {
  const team = await createTestTeam();
  const actor = await keyManager(team);
  const { id } = await createTeamKey(team);
  expect(await renameApiKey(actor, { id, name: "Gateway" })).toMatchObject({ id, kind: "team", name: "Gateway" });
  expect(await auditEntries(team.id, "api_key.renamed")).toMatchObject([
    { actorId: actor.userId, targetId: id, details: { kind: "team", from: "API gateway", to: "Gateway" } },
  ]);
});

test("members who manage team keys can change one's expiry, and the audit entry has both dates", async () => {
  const team = await createTestTeam();
  const from = inDays(3);
  const { id } = await createTeamKey(team, { expiresAt: from });
  const at = inDays(30);
  expect(await changeExpiry(await keyManager(team), { id, expiry: { at } })).toMatchObject({
    expiresAt: at.toISOString(),
  });
  expect(await auditEntries(team.id, "api_key.expiry_changed")).toMatchObject([
    { targetId: id, details: { kind: "team", from: from.toISOString(), to: at.toISOString() } },
  ]);
});

test("a team key revoked by a member who manages team keys is refused by the next request", async () => {
  const team = await createTestTeam();
  const { id, token } = await createTeamKey(team);
  expect((await decideAboutToken(token)).code).toBe("valid");
  expect(await revokeApiKey(await keyManager(team), { id })).toMatchObject({ status: "revoked" });
  expect((await decideAboutToken(token)).code).toBe("revoked");
  expect(await auditEntries(team.id, "api_key.revoked")).toMatchObject([
    { targetId: id, details: { kind: "team", last_used_at: null } },
  ]);
});

test("a change of a personal key says so in its audit entry", async () => {
  const actor = await createTestMember(await createTestTeam());
  const { id } = await createTestKey(actor);
  await renameApiKey(actor, { id, name: "Laptop" });
  expect(await auditEntries(actor.teamId, "api_key.renamed")).toMatchObject([{ details: { kind: "personal" } }]);
});

describe.each<[string, (actor: Actor, id: string) => Promise<unknown>]>([
  ["renaming", (actor, id) => renameApiKey(actor, { id, name: "Other" })],
  ["changing the expiry of", (actor, id) => changeExpiry(actor, { id, expiry: { in: "1y" } })],
  ["revoking", (actor, id) => revokeApiKey(actor, { id })],
])("%s a team key", (_, change) => {
  test("finds nothing without the permission for it, also for one who just lost it", async () => {
    const team = await createTestTeam();
    const { id } = await createTeamKey(team);
    const before = await rowOf(id);
    const developer = await createTestMember(team, { role: "Developer" });
    const viewer = await createTestMember(team, { role: "Viewer" });
    const demoted = await createTestMember(team, { permissions: ["team.manage_keys", "developer.manage_tokens"] });
    await setRolePermissions(demoted, ["developer.manage_tokens"]);
    for (const actor of [developer, demoted]) {
      const error = await expectAppError(change(actor, id), "not_found");
      const nowhere = await expectAppError(change(actor, crypto.randomUUID()), "not_found");
      expect([error.message, error.fields]).toEqual([nowhere.message, nowhere.fields]);
    }
    for (const each of [id, crypto.randomUUID()]) await expectAppError(change(viewer, each), "forbidden");
    expect(await rowOf(id)).toEqual(before);
  });

  test("of another team finds nothing, like one that doesn't exist", async () => {
    const actor = await keyManager(await createTestTeam());
    const { id } = await createTeamKey(await createTestTeam());
    const before = await rowOf(id);
    const error = await expectAppError(change(actor, id), "not_found");
    const nowhere = await expectAppError(change(actor, crypto.randomUUID()), "not_found");
    expect([error.message, error.fields]).toEqual([nowhere.message, nowhere.fields]);
    expect(await rowOf(id)).toEqual(before);
  });

  test("doesn't reach the personal keys of others, nor one's own without the permission for those", async () => {
    const team = await createTestTeam();
    const actor = await keyManager(team);
    const colleagues = await createTestKey(await createTestMember(team));
    await expectAppError(change(actor, colleagues.id), "not_found");
    const own = await createTestKey(actor);
    const error = await expectAppError(change(actor, own.id), "forbidden");
    expect(error.message).toContain("“Manage API tokens” (under Developer)");
  });

  test("doesn't happen when its audit entry can't be written", async () => {
    const team = await createTestTeam();
    const { id } = await createTeamKey(team);
    const before = await rowOf(id);
    await expect(change({ ...(await keyManager(team)), name: "Ada\0" }, id)).rejects.toThrow();
    expect(await rowOf(id)).toEqual(before);
  });

  test("that is revoked or expired is a conflict", async () => {
    const team = await createTestTeam();
    for (const dates of [{ revokedAt: inDays(-1) }, { expiresAt: inDays(-1) }]) {
      const { id } = await createTeamKey(team, dates);
      await expectAppError(change(await keyManager(team), id), "conflict");
    }
  });
});

test("a team key revoked by two at once is revoked once, with one audit entry", async () => {
  const team = await createTestTeam();
  const [one, other] = [await keyManager(team), await keyManager(team)];
  const { id } = await createTeamKey(team);
  const results = await Promise.allSettled([revokeApiKey(one, { id }), revokeApiKey(other, { id })]);
  expect(results.map((result) => (result.status === "fulfilled" ? "revoked" : result.reason.code)).sort()).toEqual([
    "conflict",
    "revoked",
  ]);
  expect(await auditEntries(team.id, "api_key.revoked")).toHaveLength(1);
});
