import { expect, test } from "vitest";
import { db } from "@/lib/database/db";
import { disableMember, enableMember } from "@/lib/members/disable-member";
import { createSession } from "@/lib/sessions/create-session";
import { readSession } from "@/lib/sessions/read-session";
import { decideAboutToken } from "@/lib/testing/decide-about-token";
import { expectAppError } from "@/lib/testing/expect-app-error";
import { auditEntries, createTestKey, createTestMember, createTestTeam, NOWHERE } from "@/lib/testing/fixtures";
import { ownerDb } from "@/lib/testing/owner-database";

async function adminAndMember() {
  const team = await createTestTeam();
  return { team, admin: await createTestMember(team, { role: "Admin" }), member: await createTestMember(team) };
}

test("a disabled member's keys are refused and the team is gone for them at once; enabling brings both back", async () => {
  const { team, admin, member } = await adminAndMember();
  const { token } = await createTestKey(member);
  const teamKey = await createTestKey(member, { kind: "team" });
  const user = { id: member.userId, name: member.name, passwordHash: null, members: [] };
  const secret = await createSession(user, NOWHERE, null);
  const teamsOf = async () => (await readSession(secret))?.user.members.map(({ team: { id } }) => id);
  expect((await decideAboutToken(token)).code).toBe("valid");

  await disableMember(admin, { id: member.memberId });
  expect((await decideAboutToken(token)).code).toBe("owner_inactive");
  expect((await decideAboutToken(teamKey.token)).code).toBe("valid");
  expect(await teamsOf()).toEqual([]);

  await enableMember(admin, { id: member.memberId });
  expect((await decideAboutToken(token)).code).toBe("valid");
  expect(await teamsOf()).toEqual([team.id]);
  for (const action of ["member.disabled", "member.enabled"]) {
    expect(await auditEntries(team.id, action)).toMatchObject([{ actorId: admin.userId, targetId: member.memberId }]);
  }
});

test("twice at once disables once, with one audit entry", async () => {
  const { team, admin, member } = await adminAndMember();
  const attempts = [1, 2].map(() => disableMember(admin, { id: member.memberId }));
  const results = await Promise.allSettled(attempts);
  expect(results.map((result) => (result.status === "fulfilled" ? "done" : result.reason.code)).sort()).toEqual([
    "conflict",
    "done",
  ]);
  expect(await auditEntries(team.id, "member.disabled")).toHaveLength(1);
  await enableMember(admin, { id: member.memberId });
  await expectAppError(enableMember(admin, { id: member.memberId }), "conflict");
});

test("of two Admins who disable each other at once one remains", async () => {
  const team = await createTestTeam();
  await ownerDb.member.deleteMany({ where: { teamId: team.id } });
  const [one, two] = [await createTestMember(team, { role: "Admin" }), await createTestMember(team, { role: "Admin" })];
  await Promise.allSettled([disableMember(one, { id: two.memberId }), disableMember(two, { id: one.memberId })]);
  expect(await db.member.count({ where: { teamId: team.id, disabledAt: null } })).toBe(1);
});

test("nobody disables themselves, somebody with more permissions, or without the permission", async () => {
  const { team, admin, member } = await adminAndMember();
  const manager = await createTestMember(team, { permissions: ["team.manage_members"] });
  await expectAppError(disableMember(admin, { id: admin.memberId }), "conflict");
  await expectAppError(disableMember(manager, { id: member.memberId }), "forbidden");
  await expectAppError(disableMember(member, { id: manager.memberId }), "forbidden");
  const stranger = await createTestMember(await createTestTeam(), { role: "Admin" });
  await expectAppError(disableMember(stranger, { id: member.memberId }), "not_found");
  await db.member.update({ where: { id: member.memberId }, data: { disabledAt: new Date() } });
  await expectAppError(enableMember(manager, { id: member.memberId }), "forbidden");
  expect(await db.member.count({ where: { teamId: team.id, disabledAt: { not: null } } })).toBe(1);
});
