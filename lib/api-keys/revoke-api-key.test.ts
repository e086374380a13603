import { describe, expect, test } from "vitest";
import { revokeApiKey } from "@/lib/api-keys/revoke-api-key";
import { db } from "@/lib/db";
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

  test("keeps the row, as revoked, and leaves one audit entry", async () => {
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
  test("is answered like one that doesn't exist, whoever it belongs to", async () => {
    const team = await createTestTeam();
    const actor = await createTestMember(team, { role: "Admin" });
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

  test("is not found through one's membership in another team either", async () => {
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
