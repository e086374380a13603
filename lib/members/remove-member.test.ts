import { describe, expect, test } from "vitest";
import { createApiKey } from "@/lib/api-keys/create/create-api-key";
import { revokeApiKey } from "@/lib/api-keys/revoke/revoke-api-key";
import { createApiKeySchema } from "@/lib/api-keys/schemas";
import { db } from "@/lib/database/db";
import { inviteMember } from "@/lib/invitations/invite-member";
import { listLeavingKeys } from "@/lib/members/queries";
import { removeMember } from "@/lib/members/remove-member";
import { createSession } from "@/lib/sessions/create-session";
import { readSession } from "@/lib/sessions/read-session";
import { decideAboutToken } from "@/lib/testing/decide-about-token";
import { expectAppError } from "@/lib/testing/expect-app-error";
import {
  auditEntries,
  createTestKey,
  createTestMember,
  createTestTeam,
  inDays,
  NOWHERE,
  recordTestUse,
} from "@/lib/testing/fixtures";
import { adminAndMember, isMember, removal } from "@/lib/testing/member-removal";
import { ownerDb } from "@/lib/testing/owner-database";

describe("removing a member", () => {
  test("revokes every active personal key of theirs, and takes the team away at their next request", async () => {
    const { team, admin, member } = await adminAndMember();
    const keys = [await createTestKey(member), await createTestKey(member, { name: null })];
    const expired = await createTestKey(member, { expiresAt: inDays(-1) });
    const others = await createTestKey(admin);
    const user = { id: member.userId, name: member.name, passwordHash: null, members: [] };
    const secret = await createSession(user, NOWHERE, null);

    const removed = await removeMember(admin, await removal(member.memberId));
    const settled = ["Test key", expect.stringMatching(/^lk_pat_/)].map((label) => ({ label, fate: "revoke" }));
    expect(removed).toEqual({ name: member.name, revoked: 2, handedOver: 0, tokens: [], keys: settled });
    for (const { token } of keys) expect((await decideAboutToken(token)).code).toBe("revoked");
    expect((await decideAboutToken(expired.token)).code).toBe("expired");
    expect((await decideAboutToken(others.token)).code).toBe("valid");
    expect((await readSession(secret))?.user.members).toEqual([]);

    expect(await auditEntries(team.id, "api_key.revoked")).toHaveLength(2);
    expect(await auditEntries(team.id, "member.removed")).toMatchObject([
      {
        actorId: admin.userId,
        targetId: member.memberId,
        details: { role: "Developer", keys_revoked: 2, keys_handed_over: 0 },
      },
    ]);
    const last = await db.auditEntry.findFirstOrThrow({ where: { teamId: team.id }, orderBy: { seq: "desc" } });
    expect(last.action).toBe("member.removed");
  });

  test("withdraws the invitations that they made", async () => {
    const { team, admin } = await adminAndMember();
    const manager = await createTestMember(team, { role: "Admin" });
    const { roleId } = await db.member.findUniqueOrThrow({ where: { id: manager.memberId } });
    const { id } = await inviteMember(manager, { email: null, roleId });
    await removeMember(admin, await removal(manager.memberId));
    expect((await db.invitation.findUniqueOrThrow({ where: { id } })).withdrawnAt).not.toBeNull();
    expect(await auditEntries(team.id, "invitation.withdrawn")).toMatchObject([
      { actorId: admin.userId, targetId: id, details: { role: "Admin", reason: "inviter removed" } },
    ]);
  });

  test("records of each key what revoking it alone does, and who is responsible for team keys from now on", async () => {
    const { team, admin, member } = await adminAndMember();
    const [alone, along] = [await createTestKey(member, { name: "A" }), await createTestKey(member, { name: "B" })];
    for (const { id } of [alone, along]) await recordTestUse(id, new Date("2026-05-01T10:00:00.000Z"));
    const gateway = await createTestKey(admin, { name: "Gateway", kind: "team" });
    await db.apiKey.update({ where: { id: gateway.id }, data: { responsibleMemberId: member.memberId } });
    await revokeApiKey(admin, { id: alone.id });
    await removeMember(admin, await removal(member.memberId));
    const revoked = await auditEntries(team.id, "api_key.revoked");
    const detailsOf = (id: string) => revoked.find(({ targetId }) => targetId === id)?.details as object;
    expect(detailsOf(along.id)).toEqual({ ...detailsOf(alone.id), reason: "member removed" });
    expect(detailsOf(alone.id)).toMatchObject({ owner: member.name, last_used_at: "2026-05-01T10:00:00.000Z" });
    expect(await auditEntries(team.id, "api_key.responsible_changed")).toMatchObject([
      { targetId: gateway.id, targetLabel: "Gateway", details: { from: member.name, to: admin.name } },
    ]);
  });

  test("while they make a key either ends before it, or is refused; no key ends that wasn't listed", async () => {
    for (let round = 0; round < 5; round++) {
      const { admin, member } = await adminAndMember();
      const create = createApiKeySchema.parse({ name: "Late", scopes: ["events.read"], expiry: { in: "90d" } });
      const input = await removal(member.memberId);
      const [made, removed] = await Promise.allSettled([createApiKey(member, create), removeMember(admin, input)]);
      expect([made.status, removed.status].sort()).toEqual(["fulfilled", "rejected"]);
      expect(await isMember(member.memberId)).toBe(made.status === "fulfilled");
      const alive = await db.apiKey.count({ where: { memberId: member.memberId, revokedAt: null } });
      expect(alive).toBe(made.status === "fulfilled" ? 1 : 0);
    }
  });

  test("is refused when they have made a key since the list was shown, and does nothing", async () => {
    const { team, admin, member } = await adminAndMember();
    const listed = await createTestKey(member);
    const input = await removal(member.memberId, { [listed.id]: "new_token" });
    const late = await createTestKey(member);
    const error = await expectAppError(removeMember(admin, input), "conflict");
    expect(error.message).toBe(`${member.name} has created another key. Nothing was changed: check the list again.`);
    expect(await isMember(member.memberId)).toBe(true);
    for (const { token } of [listed, late]) expect((await decideAboutToken(token)).code).toBe("valid");
    expect(await auditEntries(team.id, "member.removed")).toEqual([]);

    await removeMember(admin, await removal(member.memberId));
    for (const { token } of [listed, late]) expect((await decideAboutToken(token)).code).toBe("revoked");
  });

  test("isn't kept up by a listed key that has ended by itself meanwhile", async () => {
    const { admin, member } = await adminAndMember();
    const { id } = await createTestKey(member);
    const input = await removal(member.memberId);
    await db.apiKey.update({ where: { id }, data: { revokedAt: new Date() } });
    expect(await removeMember(admin, input)).toMatchObject({ revoked: 0, keys: [] });
  });

  test("happens once when two remove them at once", async () => {
    const { team, admin, member } = await adminAndMember();
    const other = await createTestMember(team, { role: "Admin" });
    const { id } = await createTestKey(member);
    const input = await removal(member.memberId, { [id]: "new_token" });
    const results = await Promise.allSettled([removeMember(admin, input), removeMember(other, input)]);
    expect(results.map((result) => (result.status === "fulfilled" ? "done" : result.reason.code)).sort()).toEqual([
      "done",
      "not_found",
    ]);
    expect(await db.apiKey.count({ where: { teamId: team.id, kind: "team" } })).toBe(1);
    expect(await auditEntries(team.id, "member.removed")).toHaveLength(1);
  });

  test("doesn't happen when its audit entries can't be written", async () => {
    const { admin, member } = await adminAndMember();
    const { token } = await createTestKey(member);
    await expect(removeMember({ ...admin, name: "Ada\0" }, await removal(member.memberId))).rejects.toThrow();
    expect(await isMember(member.memberId)).toBe(true);
    expect((await decideAboutToken(token)).code).toBe("valid");
  });

  test("is refused for oneself, another team's member, one with more permissions, and without the permission", async () => {
    const { team, admin, member } = await adminAndMember();
    const manager = await createTestMember(team, { permissions: ["team.manage_members"] });
    const stranger = await createTestMember(await createTestTeam(), { role: "Admin" });
    await expectAppError(removeMember(admin, await removal(admin.memberId)), "conflict");
    await expectAppError(removeMember(stranger, await removal(member.memberId)), "not_found");
    await expectAppError(removeMember(manager, await removal(admin.memberId)), "forbidden");
    await expectAppError(removeMember(member, await removal(manager.memberId)), "forbidden");
    await expectAppError(listLeavingKeys(member, { id: manager.memberId }), "forbidden");
    await expectAppError(listLeavingKeys(stranger, { id: member.memberId }), "not_found");
  });
});

describe("of a team's Admins one remains", () => {
  test("when two remove each other at once", async () => {
    for (let round = 0; round < 5; round++) {
      const { team, admin } = await adminAndMember();
      await ownerDb.member.deleteMany({ where: { teamId: team.id, id: { not: admin.memberId } } });
      const other = await createTestMember(team, { role: "Admin" });
      const inputs = [await removal(other.memberId), await removal(admin.memberId)] as const;
      await Promise.allSettled([removeMember(admin, inputs[0]), removeMember(other, inputs[1])]);
      expect(await db.member.count({ where: { teamId: team.id, removedAt: null } })).toBe(1);
    }
  });

  test("when two managers, who grant less, try to remove both at once", async () => {
    const { team, admin } = await adminAndMember();
    const other = await createTestMember(team, { role: "Admin" });
    const managers = [
      await createTestMember(team, { permissions: ["team.manage_members"] }),
      await createTestMember(team, { permissions: [...admin.permissions] }),
    ];
    const targets = [admin, other];
    const results = await Promise.allSettled(
      managers.map(async (manager, index) => removeMember(manager, await removal(targets[index]?.memberId ?? ""))),
    );
    expect(results.map((result) => result.status)).toEqual(["rejected", "rejected"]);
    for (const { memberId } of targets) expect(await isMember(memberId)).toBe(true);
  });
});

test("what stops with a member is their active personal keys, with their last use", async () => {
  const { admin, member } = await adminAndMember();
  const { id } = await createTestKey(member, { name: "Used" });
  const at = inDays(-2);
  await recordTestUse(id, at);
  await createTestKey(member, { revokedAt: new Date() });
  await createTestKey(member, { expiresAt: inDays(-1) });
  await createTestKey(member, { kind: "team" });
  const { keys, mayHandOver } = await listLeavingKeys(admin, { id: member.memberId });
  expect(keys).toMatchObject([{ id, name: "Used", lastUsedAt: at.toISOString() }]);
  expect(mayHandOver).toBe(true);
  expect(JSON.stringify(keys)).not.toContain("tokenHash");
});
