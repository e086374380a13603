import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createApiKey } from "@/lib/api-keys/create-api-key";
import { createApiKeySchema } from "@/lib/api-keys/schemas";
import { db } from "@/lib/db";
import { inviteMember } from "@/lib/invitations/invite-member";
import type { KeyFate } from "@/lib/members/key-fates";
import { listLeavingKeys } from "@/lib/members/queries";
import { removeMember } from "@/lib/members/remove-member";
import { removeMemberSchema } from "@/lib/members/schemas";
import { createSession } from "@/lib/sessions/create-session";
import { readSession } from "@/lib/sessions/read-session";
import { tablesContaining } from "@/lib/testing/database-search";
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

async function adminAndMember() {
  const team = await createTestTeam();
  return { team, admin: await createTestMember(team, { role: "Admin" }), member: await createTestMember(team) };
}

const removal = (id: string, fates: Record<string, KeyFate> = {}, acceptsKnownTokens = false) => ({
  id,
  keys: Object.entries(fates).map(([keyId, fate]) => ({ id: keyId, fate })),
  acceptsKnownTokens,
});

const isMember = async (memberId: string) =>
  (await db.member.findUniqueOrThrow({ where: { id: memberId } })).removedAt === null;

describe("removing a member", () => {
  test("revokes every active personal key of theirs, and takes the team away at their next request", async () => {
    const { team, admin, member } = await adminAndMember();
    const keys = [await createTestKey(member), await createTestKey(member, { name: null })];
    const expired = await createTestKey(member, { expiresAt: inDays(-1) });
    const others = await createTestKey(admin);
    const sessionId = await createSession({ id: member.userId, name: member.name, members: [] }, NOWHERE, null);

    const removed = await removeMember(admin, removal(member.memberId));
    expect(removed).toEqual({ name: member.name, revoked: 2, handedOver: 0, tokens: [] });
    for (const { token } of keys) expect((await decideAboutToken(token)).code).toBe("revoked");
    expect((await decideAboutToken(expired.token)).code).toBe("expired");
    expect((await decideAboutToken(others.token)).code).toBe("valid");
    expect((await readSession(sessionId))?.user.members).toEqual([]);

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

  test("can make a key a team key with a new token: the old one stops, the new one is shown once and kept nowhere", async () => {
    const { team, admin, member } = await adminAndMember();
    const expiresAt = inDays(30);
    const terms = { name: "Zapier", scopes: ["events.read"], allowedIps: ["203.0.113.0/24"], expiresAt };
    const old = await createTestKey(member, { ...terms, resource: `event:${randomUUID()}` });
    const { tokens, revoked, handedOver } = await removeMember(
      admin,
      removal(member.memberId, { [old.id]: "new_token" }),
    );
    expect({ revoked, handedOver }).toEqual({ revoked: 0, handedOver: 1 });
    expect(tokens).toMatchObject([{ label: "Zapier", token: expect.stringMatching(/^lk_key_[0-9a-f]{72}$/) }]);
    const [made] = tokens;
    expect((await decideAboutToken(old.token)).code).toBe("revoked");
    const key = await db.apiKey.findUniqueOrThrow({ where: { id: made?.keyId } });
    const before = await db.apiKey.findUniqueOrThrow({ where: { id: old.id } });
    expect(key).toMatchObject({
      ...terms,
      kind: "team",
      memberId: null,
      responsibleMemberId: admin.memberId,
      rotatedFromId: old.id,
      resource: before.resource,
    });
    expect(await tablesContaining(made?.token ?? "")).toEqual([]);
    expect(await auditEntries(team.id, "api_key.handed_over")).toMatchObject([
      { targetId: made?.keyId, details: { token: "new", from: member.name, scopes: ["events.read"] } },
    ]);
    expect(await auditEntries(team.id, "api_key.revoked")).toMatchObject([{ targetId: old.id }]);
  });

  test("can let a key keep its token as a team key, once it is accepted that the leaving person knows it", async () => {
    const { team, admin, member } = await adminAndMember();
    const { id, token } = await createTestKey(member, { name: "Nightly", scopes: ["events.read", "events.write"] });
    expect((await decideAboutToken(token)).code).toBe("valid");
    const input = removal(member.memberId, { [id]: "same_token" });
    const error = await expectAppError(removeMember(admin, input), "invalid");
    expect(Object.keys(error.fields)).toEqual(["acceptsKnownTokens"]);
    expect(await isMember(member.memberId)).toBe(true);

    const removed = await removeMember(admin, { ...input, acceptsKnownTokens: true });
    expect(removed).toMatchObject({ revoked: 0, handedOver: 1, tokens: [] });
    expect(await decideAboutToken(token)).toMatchObject({ code: "valid", scopes: ["events.read", "events.write"] });
    expect(await db.apiKey.findUniqueOrThrow({ where: { id } })).toMatchObject({
      kind: "team",
      memberId: null,
      responsibleMemberId: admin.memberId,
      revokedAt: null,
    });
    expect(await auditEntries(team.id, "api_key.handed_over")).toMatchObject([
      { targetId: id, targetLabel: "Nightly", details: { token: "kept", from: member.name } },
    ]);
  });

  test("hands over no scope that the key couldn't use any more, or that the actor couldn't give", async () => {
    const team = await createTestTeam();
    const manager = await createTestMember(team, {
      permissions: ["team.manage_members", "team.manage_keys", "events.read", "events.write", "reports.read"],
    });
    const member = await createTestMember(team, { permissions: ["events.read", "reports.read", "reports.read"] });
    const kept = await createTestKey(member, { scopes: ["events.read", "events.write", "reports.read", "gone.read"] });
    const useless = await createTestKey(member, { scopes: ["events.write"], name: "Useless" });
    await removeMember(manager, removal(member.memberId, { [kept.id]: "same_token" }, true));
    expect(await decideAboutToken(kept.token)).toMatchObject({
      code: "valid",
      scopes: ["events.read", "reports.read"],
    });
    const { scopes } = await db.apiKey.findUniqueOrThrow({ where: { id: kept.id } });
    expect(scopes).toEqual(["events.read", "reports.read"]);
    expect((await decideAboutToken(useless.token)).code).toBe("revoked");
  });

  test("hands over no scope that the team's policy keeps from members' keys", async () => {
    const { team, admin, member } = await adminAndMember();
    await db.teamPolicy.create({ data: { teamId: team.id, limitsScopes: true, memberScopes: ["events.read"] } });
    const { id } = await createTestKey(member, { scopes: ["events.read", "events.write"] });
    await removeMember(admin, removal(member.memberId, { [id]: "same_token" }, true));
    expect((await db.apiKey.findUniqueOrThrow({ where: { id } })).scopes).toEqual(["events.read"]);
  });

  test("is refused as a whole when a key that should be kept has no scope left", async () => {
    const { admin, member } = await adminAndMember();
    const fine = await createTestKey(member);
    const empty = await createTestKey(member, { scopes: ["gone.read"], name: "Empty" });
    const fates = { [fine.id]: "new_token", [empty.id]: "new_token" } as const;
    const error = await expectAppError(removeMember(admin, removal(member.memberId, fates)), "conflict");
    expect(error.message).toContain("Empty");
    expect(await isMember(member.memberId)).toBe(true);
    expect((await decideAboutToken(fine.token)).code).toBe("valid");
  });

  test("gives a new token no longer life than the team's policy allows", async () => {
    const { team, admin, member } = await adminAndMember();
    await db.teamPolicy.create({ data: { teamId: team.id, mayNeverExpire: false, maxLifetimeDays: 100 } });
    const { id } = await createTestKey(member, { expiresAt: null });
    const { tokens } = await removeMember(admin, removal(member.memberId, { [id]: "new_token" }));
    const key = await db.apiKey.findUniqueOrThrow({ where: { id: tokens[0]?.keyId } });
    expect(key.expiresAt?.getTime()).toBeLessThan(inDays(101).getTime());
  });

  test("keeps keys only for who may manage team keys; others may remove and revoke", async () => {
    const team = await createTestTeam();
    const manager = await createTestMember(team, { permissions: ["team.manage_members", "events.read"] });
    const member = await createTestMember(team, { permissions: ["events.read"] });
    const { id, token } = await createTestKey(member);
    for (const fate of ["new_token", "same_token"] as const) {
      await expectAppError(removeMember(manager, removal(member.memberId, { [id]: fate }, true)), "forbidden");
    }
    expect((await decideAboutToken(token)).code).toBe("valid");
    await removeMember(manager, removal(member.memberId));
    expect((await decideAboutToken(token)).code).toBe("revoked");
  });

  test("keeps no key that isn't theirs, or has ended since the list was shown", async () => {
    const { admin, member } = await adminAndMember();
    const colleague = await createTestMember({ id: admin.teamId, slug: "" });
    const stranger = await createTestMember(await createTestTeam());
    const keys = [
      await createTestKey(colleague),
      await createTestKey(stranger),
      await createTestKey(member, { kind: "team" }),
      await createTestKey(member, { revokedAt: new Date() }),
      await createTestKey(member, { expiresAt: inDays(-1) }),
    ];
    for (const { id } of keys) {
      for (const fate of ["new_token", "same_token"] as const) {
        await expectAppError(removeMember(admin, removal(member.memberId, { [id]: fate }, true)), "conflict");
      }
    }
    expect(await isMember(member.memberId)).toBe(true);
    expect((await decideAboutToken(keys[0]?.token ?? "")).code).toBe("valid");
  });

  test("passes the team keys they were responsible for to who removes them", async () => {
    const { admin, member } = await adminAndMember();
    const { id, token } = await createTestKey(admin, { kind: "team" });
    await db.apiKey.update({ where: { id }, data: { responsibleMemberId: member.memberId } });
    await removeMember(admin, removal(member.memberId));
    expect((await db.apiKey.findUniqueOrThrow({ where: { id } })).responsibleMemberId).toBe(admin.memberId);
    expect((await decideAboutToken(token)).code).toBe("valid");
  });

  test("withdraws the invitations that they made", async () => {
    const { team, admin } = await adminAndMember();
    const manager = await createTestMember(team, { role: "Admin" });
    const { roleId } = await db.member.findUniqueOrThrow({ where: { id: manager.memberId } });
    const { id } = await inviteMember(manager, { email: null, roleId });
    await removeMember(admin, removal(manager.memberId));
    expect((await db.invitation.findUniqueOrThrow({ where: { id } })).withdrawnAt).not.toBeNull();
  });

  test("while they make a key leaves no key alive", async () => {
    for (let round = 0; round < 5; round++) {
      const { admin, member } = await adminAndMember();
      const create = createApiKeySchema.parse({ name: "Late", scopes: ["events.read"], expiry: { in: "90d" } });
      await Promise.allSettled([createApiKey(member, create), removeMember(admin, removal(member.memberId))]);
      expect(await isMember(member.memberId)).toBe(false);
      expect(await db.apiKey.count({ where: { memberId: member.memberId, revokedAt: null } })).toBe(0);
    }
  });

  test("happens once when two remove them at once", async () => {
    const { team, admin, member } = await adminAndMember();
    const other = await createTestMember(team, { role: "Admin" });
    const { id } = await createTestKey(member);
    const input = removal(member.memberId, { [id]: "new_token" });
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
    await expect(removeMember({ ...admin, name: "Ada\0" }, removal(member.memberId))).rejects.toThrow();
    expect(await isMember(member.memberId)).toBe(true);
    expect((await decideAboutToken(token)).code).toBe("valid");
  });

  test("is refused for oneself, another team's member, one with more permissions, and without the permission", async () => {
    const { team, admin, member } = await adminAndMember();
    const manager = await createTestMember(team, { permissions: ["team.manage_members"] });
    const stranger = await createTestMember(await createTestTeam(), { role: "Admin" });
    await expectAppError(removeMember(admin, removal(admin.memberId)), "conflict");
    await expectAppError(removeMember(stranger, removal(member.memberId)), "not_found");
    await expectAppError(removeMember(manager, removal(admin.memberId)), "forbidden");
    await expectAppError(removeMember(member, removal(manager.memberId)), "forbidden");
    await expectAppError(listLeavingKeys(member, { id: manager.memberId }), "forbidden");
    await expectAppError(listLeavingKeys(stranger, { id: member.memberId }), "not_found");
  });

  test("names a key once", () => {
    const id = randomUUID();
    const keys = [
      { id, fate: "revoke" },
      { id, fate: "same_token" },
    ];
    expect(removeMemberSchema.safeParse({ id, keys, acceptsKnownTokens: true }).success).toBe(false);
  });
});

describe("of a team's Admins one remains", () => {
  test("when two remove each other at once", async () => {
    for (let round = 0; round < 5; round++) {
      const { team, admin } = await adminAndMember();
      await db.member.deleteMany({ where: { teamId: team.id, id: { not: admin.memberId } } });
      const other = await createTestMember(team, { role: "Admin" });
      await Promise.allSettled([
        removeMember(admin, removal(other.memberId)),
        removeMember(other, removal(admin.memberId)),
      ]);
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
      managers.map((manager, index) => removeMember(manager, removal(targets[index]?.memberId ?? ""))),
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
