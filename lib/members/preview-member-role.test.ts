import { expect, test } from "vitest";
import { db } from "@/lib/database/db";
import { previewMemberRole } from "@/lib/members/preview-member-role";
import { expectAppError } from "@/lib/testing/expect-app-error";
import { createTestKey, createTestMember, createTestTeam, inDays } from "@/lib/testing/fixtures";

const roleOf = async (teamId: string, name: string) =>
  (await db.role.findUniqueOrThrow({ where: { teamId_name: { teamId, name } } })).id;

test("a change of role is previewed with what it takes from the member and from their active keys", async () => {
  const team = await createTestTeam();
  const admin = await createTestMember(team, { role: "Admin" });
  const member = await createTestMember(team, { role: "Developer" });
  const colleague = await createTestMember(team, { role: "Developer" });
  await createTestKey(member, { scopes: ["events.read", "events.write"] });
  await createTestKey(member, { scopes: ["events.write", "reports.write"] });
  await createTestKey(member, { scopes: ["events.read"] });
  await createTestKey(member, { scopes: ["events.write"], revokedAt: new Date() });
  await createTestKey(member, { scopes: ["events.write"], expiresAt: inDays(-1) });
  await createTestKey(colleague, { scopes: ["events.write"] });
  const preview = await previewMemberRole(admin, { id: member.memberId, roleId: await roleOf(team.id, "Viewer") });
  expect(preview).toMatchObject({ members: 1, keysLosing: 2, gained: [] });
  expect(preview.lost).toContainEqual({ name: "events.write", keys: 2 });
  expect(preview.lost).toContainEqual({ name: "reports.write", keys: 1 });
  expect(preview.lost).toContainEqual({ name: "developer.manage_tokens", keys: null });
  expect(preview.lost.map(({ name }) => name)).not.toContain("events.read");
});

test("the role they have takes nothing", async () => {
  const team = await createTestTeam();
  const admin = await createTestMember(team, { role: "Admin" });
  const member = await createTestMember(team, { role: "Developer" });
  await createTestKey(member);
  const same = { id: member.memberId, roleId: await roleOf(team.id, "Developer") };
  expect(await previewMemberRole(admin, same)).toEqual({ members: 1, lost: [], gained: [], keysLosing: 0 });
});

test("it is for who manages members, about members and roles of their team that they may give", async () => {
  const [team, other] = [await createTestTeam(), await createTestTeam()];
  const admin = await createTestMember(team, { role: "Admin" });
  const manager = await createTestMember(team, { permissions: ["team.manage_members"] });
  const member = await createTestMember(team, { role: "Developer" });
  const stranger = await createTestMember(other, { role: "Developer" });
  const viewer = await roleOf(team.id, "Viewer");
  await expectAppError(previewMemberRole(member, { id: member.memberId, roleId: viewer }), "forbidden");
  await expectAppError(previewMemberRole(admin, { id: stranger.memberId, roleId: viewer }), "not_found");
  await expectAppError(
    previewMemberRole(admin, { id: member.memberId, roleId: await roleOf(other.id, "Viewer") }),
    "not_found",
  );
  await expectAppError(
    previewMemberRole(manager, { id: member.memberId, roleId: await roleOf(team.id, "Admin") }),
    "forbidden",
  );
});
