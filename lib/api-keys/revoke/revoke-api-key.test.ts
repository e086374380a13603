import { describe, expect, test } from "vitest";
import { changeExpiry } from "@/lib/api-keys/change/change-expiry";
import { changeResponsible } from "@/lib/api-keys/change/change-responsible";
import { narrowApiKey } from "@/lib/api-keys/change/narrow-api-key";
import { renameApiKey } from "@/lib/api-keys/change/rename-api-key";
import { renewApiKey } from "@/lib/api-keys/change/renew-api-key";
import { revokeApiKey } from "@/lib/api-keys/revoke/revoke-api-key";
import { endOverlap } from "@/lib/api-keys/rotate/end-overlap";
import { rotateApiKey } from "@/lib/api-keys/rotate/rotate-api-key";
import { db } from "@/lib/database/db";
import { decideAboutToken } from "@/lib/testing/decide-about-token";
import { expectAppError } from "@/lib/testing/expect-app-error";
import {
  auditEntries,
  createTestDeveloper,
  createTestKey,
  createTestMember,
  createTestTeam,
  inDays,
  setRolePermissions,
} from "@/lib/testing/fixtures";

const isRevoked = async (id: string) => (await db.apiKey.findUniqueOrThrow({ where: { id } })).revokedAt !== null;

describe("revoking a key", () => {
  test("makes the next request with its token refused", async () => {
    const actor = await createTestDeveloper();
    const { id, token } = await createTestKey(actor);
    expect((await decideAboutToken(token)).code).toBe("valid");
    await revokeApiKey(actor, { id });
    expect(await decideAboutToken(token)).toEqual({ code: "revoked" });
  });

  test("retains the row as revoked, and writes one audit entry", async () => {
    const actor = await createTestDeveloper();
    const { id } = await createTestKey(actor, { name: "Zapier" });
    expect(await revokeApiKey(actor, { id })).toMatchObject({ id, status: "revoked", name: "Zapier" });
    expect(await isRevoked(id)).toBe(true);
    expect(await auditEntries(actor.teamId, "api_key.revoked")).toMatchObject([
      { actorId: actor.userId, targetId: id, targetLabel: "Zapier", details: { last_used_at: null } },
    ]);
  });

  test("doesn't happen when its audit entry can't be written", async () => {
    const actor = await createTestDeveloper();
    const { id } = await createTestKey(actor);
    await expect(revokeApiKey({ ...actor, name: "Ada\0" }, { id })).rejects.toThrow();
    expect(await isRevoked(id)).toBe(false);
  });

  test("twice at once succeeds once, with one audit entry", async () => {
    const actor = await createTestDeveloper();
    const { id } = await createTestKey(actor);
    const results = await Promise.allSettled([revokeApiKey(actor, { id }), revokeApiKey(actor, { id })]);
    expect(results.map((result) => (result.status === "fulfilled" ? "revoked" : result.reason.code)).sort()).toEqual([
      "conflict",
      "revoked",
    ]);
    expect(await auditEntries(actor.teamId, "api_key.revoked")).toHaveLength(1);
  });

  test.each([
    ["revoked", { revokedAt: inDays(-1) }],
    ["expired", { expiresAt: inDays(-1) }],
  ])("that is already %s is a conflict and changes nothing", async (status, dates) => {
    const actor = await createTestDeveloper();
    const { id } = await createTestKey(actor, dates);
    const before = await db.apiKey.findUnique({ where: { id } });
    const error = await expectAppError(revokeApiKey(actor, { id }), "conflict");
    expect(error.message).toContain(status);
    expect(await db.apiKey.findUnique({ where: { id } })).toEqual(before);
    expect(await auditEntries(actor.teamId, "api_key.revoked")).toEqual([]);
  });

  test("is forbidden without the permission, also to one who just lost it", async () => {
    const team = await createTestTeam();
    const viewer = await createTestMember(team, { role: "Viewer" });
    const demoted = await createTestMember(team, { permissions: ["developer.manage_tokens"] });
    await setRolePermissions(demoted, []);
    for (const actor of [viewer, demoted]) {
      const { id } = await createTestKey(actor);
      await expectAppError(revokeApiKey(actor, { id }), "forbidden");
      expect(await isRevoked(id)).toBe(false);
    }
  });
});

describe("a key that isn't the actor's", () => {
  test("gets the same response as an unknown key, whoever owns it", async () => {
    const team = await createTestTeam();
    const actor = await createTestMember(team, { permissions: ["developer.manage_tokens", "team.manage_keys"] });
    const colleague = await createTestMember(team);
    const stranger = await createTestDeveloper();
    const others = [await createTestKey(colleague), await createTestKey(stranger)];
    const nowhere = await expectAppError(revokeApiKey(actor, { id: crypto.randomUUID() }), "not_found");
    for (const { id } of others) {
      const error = await expectAppError(revokeApiKey(actor, { id }), "not_found");
      expect([error.message, error.fields]).toEqual([nowhere.message, nowhere.fields]);
      expect(await isRevoked(id)).toBe(false);
    }
    expect(await auditEntries(team.id, "api_key.revoked")).toEqual([]);
  });

  test("is not found through the actor's membership in another team either", async () => {
    const user = await createTestMember(await createTestTeam());
    const { id } = await createTestKey(user);
    const elsewhere = await createTestMember(
      await createTestTeam(),
      {},
      { id: user.userId, name: user.name, email: "" },
    );
    await expectAppError(revokeApiKey(elsewhere, { id }), "not_found");
    expect(await isRevoked(id)).toBe(false);
  });
});

describe("a member who manages members", () => {
  test("revokes any member's key with effect on the next request, and the audit entry names the owner", async () => {
    const team = await createTestTeam();
    const admin = await createTestMember(team, { permissions: ["team.manage_members"] });
    const colleague = await createTestMember(team);
    const { id, token } = await createTestKey(colleague, { name: "Left behind" });
    expect(await revokeApiKey(admin, { id })).toMatchObject({ id, status: "revoked" });
    expect(await decideAboutToken(token)).toEqual({ code: "revoked" });
    expect(await auditEntries(team.id, "api_key.revoked")).toMatchObject([
      { actorId: admin.userId, targetId: id, targetLabel: "Left behind", details: { owner: colleague.name } },
    ]);
  });

  test("revokes the keys of removed members too", async () => {
    const team = await createTestTeam();
    const admin = await createTestMember(team, { role: "Admin" });
    const gone = await createTestMember(team);
    const { id } = await createTestKey(gone);
    await db.member.update({ where: { id: gone.memberId }, data: { removedAt: new Date() } });
    await revokeApiKey(admin, { id });
    expect(await isRevoked(id)).toBe(true);
  });

  test("can't revoke team keys by that, or keys of other teams", async () => {
    const team = await createTestTeam();
    const admin = await createTestMember(team, { permissions: ["team.manage_members"] });
    const teams = await createTestKey(await createTestMember(team), { kind: "team" });
    await expectAppError(revokeApiKey(admin, { id: teams.id }), "not_found");
    const stranger = await createTestDeveloper();
    const foreign = [await createTestKey(stranger), await createTestKey(stranger, { kind: "team" })];
    for (const { id } of foreign) await expectAppError(revokeApiKey(admin, { id }), "not_found");
    for (const { id } of [teams, ...foreign]) expect(await isRevoked(id)).toBe(false);
  });

  test("can do nothing else with the keys of others", async () => {
    const team = await createTestTeam();
    const admin = await createTestMember(team, { role: "Admin" });
    const { id } = await createTestKey(await createTestMember(team));
    const before = await db.apiKey.findUnique({ where: { id } });
    const expiry = { in: "never" } as const;
    const changes = [
      () => renameApiKey(admin, { id, name: "Mine now" }),
      () => changeExpiry(admin, { id, expiry }),
      () => narrowApiKey(admin, { id, allowedIps: [] }),
      () => changeResponsible(admin, { id, responsibleMemberId: admin.memberId }),
      () => rotateApiKey(admin, { id, overlap: "24h" }),
      () => renewApiKey(admin, { id }),
      () => endOverlap(admin, { id }),
    ];
    for (const change of changes) await expectAppError(change(), "not_found");
    expect(await db.apiKey.findUnique({ where: { id } })).toEqual(before);
    expect(await db.apiKey.count({ where: { teamId: team.id } })).toBe(1);
  });

  test("loses it with the permission", async () => {
    const team = await createTestTeam();
    const demoted = await createTestMember(team, { permissions: ["team.manage_members", "developer.manage_tokens"] });
    await setRolePermissions(demoted, ["developer.manage_tokens"]);
    const { id } = await createTestKey(await createTestMember(team));
    await expectAppError(revokeApiKey(demoted, { id }), "not_found");
    expect(await isRevoked(id)).toBe(false);
  });
});
