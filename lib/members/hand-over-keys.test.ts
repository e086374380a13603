import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { db } from "@/lib/database/db";
import { removeMember } from "@/lib/members/remove-member";
import { removeMemberSchema } from "@/lib/members/schemas";
import { tablesContaining } from "@/lib/testing/database-search";
import { decideAboutToken } from "@/lib/testing/decide-about-token";
import { expectAppError } from "@/lib/testing/expect-app-error";
import { auditEntries, createTestKey, createTestMember, createTestTeam, DAY_MS, inDays } from "@/lib/testing/fixtures";
import { adminAndMember, isMember, removal } from "@/lib/testing/member-removal";

describe("removing a member", () => {
  test("can make a key a team key with a new token: the old one stops, the new one is shown once and kept nowhere", async () => {
    const { team, admin, member } = await adminAndMember();
    const expiresAt = inDays(30);
    const terms = { name: "Zapier", scopes: ["events.read"], allowedIps: ["203.0.113.0/24"], expiresAt };
    const old = await createTestKey(member, { ...terms, resource: `event:${randomUUID()}` });
    const { tokens, revoked, handedOver } = await removeMember(
      admin,
      await removal(member.memberId, { [old.id]: "new_token" }),
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
    const input = await removal(member.memberId, { [id]: "same_token" });
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
    await removeMember(manager, await removal(member.memberId, { [kept.id]: "same_token" }, true));
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
    await removeMember(admin, await removal(member.memberId, { [id]: "same_token" }, true));
    expect((await db.apiKey.findUniqueOrThrow({ where: { id } })).scopes).toEqual(["events.read"]);
  });

  test("is refused as a whole when a key that should be kept has no scope left", async () => {
    const { admin, member } = await adminAndMember();
    const fine = await createTestKey(member);
    const empty = await createTestKey(member, { scopes: ["gone.read"], name: "Empty" });
    const fates = { [fine.id]: "new_token", [empty.id]: "new_token" } as const;
    const error = await expectAppError(removeMember(admin, await removal(member.memberId, fates)), "conflict");
    expect(error.message).toContain("Empty");
    expect(await isMember(member.memberId)).toBe(true);
    expect((await decideAboutToken(fine.token)).code).toBe("valid");
  });

  test("gives a new token no longer life than the team's policy allows", async () => {
    const { team, admin, member } = await adminAndMember();
    await db.teamPolicy.create({ data: { teamId: team.id, mayNeverExpire: false, maxLifetimeDays: 100 } });
    const { id } = await createTestKey(member, { expiresAt: null });
    const { tokens } = await removeMember(admin, await removal(member.memberId, { [id]: "new_token" }));
    const key = await db.apiKey.findUniqueOrThrow({ where: { id: tokens[0]?.keyId } });
    expect(key.expiresAt?.getTime()).toBeLessThan(inDays(101).getTime());
  });

  test("gives a new token the longest lifetime where the policy's default is too long this month", async () => {
    const { team, admin, member } = await adminAndMember();
    const policy = { mayNeverExpire: false, maxLifetimeDays: 28, defaultLifetime: "3m" };
    await db.teamPolicy.create({ data: { teamId: team.id, ...policy } });
    const { id } = await createTestKey(member, { expiresAt: null });
    const { tokens } = await removeMember(admin, await removal(member.memberId, { [id]: "new_token" }));
    const { createdAt, expiresAt } = await db.apiKey.findUniqueOrThrow({ where: { id: tokens[0]?.keyId } });
    expect(Number(expiresAt) - Number(createdAt)).toBe(14 * DAY_MS);
  });

  test("keeps keys only for who may manage team keys; others may remove and revoke", async () => {
    const team = await createTestTeam();
    const manager = await createTestMember(team, { permissions: ["team.manage_members", "events.read"] });
    const member = await createTestMember(team, { permissions: ["events.read"] });
    const { id, token } = await createTestKey(member);
    for (const fate of ["new_token", "same_token"] as const) {
      await expectAppError(removeMember(manager, await removal(member.memberId, { [id]: fate }, true)), "forbidden");
    }
    expect((await decideAboutToken(token)).code).toBe("valid");
    await removeMember(manager, await removal(member.memberId));
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
        await expectAppError(removeMember(admin, await removal(member.memberId, { [id]: fate }, true)), "conflict");
      }
    }
    expect(await isMember(member.memberId)).toBe(true);
    expect((await decideAboutToken(keys[0]?.token ?? "")).code).toBe("valid");
  });

  test("passes the team keys they were responsible for to who removes them", async () => {
    const { admin, member } = await adminAndMember();
    const { id, token } = await createTestKey(admin, { kind: "team" });
    await db.apiKey.update({ where: { id }, data: { responsibleMemberId: member.memberId } });
    await removeMember(admin, await removal(member.memberId));
    expect((await db.apiKey.findUniqueOrThrow({ where: { id } })).responsibleMemberId).toBe(admin.memberId);
    expect((await decideAboutToken(token)).code).toBe("valid");
  });

  test("names a key once", () => {
    const id = randomUUID();
    const keys = [
      { id, fate: "revoke" },
      { id, fate: "same_token" },
    ];
    expect(removeMemberSchema.safeParse({ id, listed: [id], keys, acceptsKnownTokens: true }).success).toBe(false);
  });
});
