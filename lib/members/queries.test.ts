import { expect, test } from "vitest";
import { db } from "@/lib/database/db";
import { countMembers, listMembers, memberListSchema } from "@/lib/members/queries";
import { createSession } from "@/lib/sessions/create-session";
import { expectAppError } from "@/lib/testing/expect-app-error";
import {
  createTestKey,
  createTestMember,
  createTestTeam,
  createTestUser,
  inDays,
  NOWHERE,
} from "@/lib/testing/fixtures";

const list = (query: Record<string, string> = {}) => memberListSchema.parse(query);

test("a member is listed with their role, state, active keys and when they were last seen", async () => {
  const team = await createTestTeam();
  const admin = await createTestMember(team, { role: "Admin" });
  const member = await createTestMember(team, { role: "Developer" });
  await createTestKey(member);
  await createTestKey(member, { expiresAt: inDays(-1) });
  await createTestKey(member, { revokedAt: new Date() });
  await createTestKey(member, { kind: "team" });
  await createSession({ id: member.userId, name: member.name, passwordHash: null, members: [] }, NOWHERE, null);
  await db.member.update({ where: { id: member.memberId }, data: { disabledAt: new Date() } });
  const gone = await createTestMember(team);
  await db.member.update({ where: { id: gone.memberId }, data: { removedAt: new Date() } });

  const { members } = await listMembers(admin, list());
  expect(members.map(({ id }) => id)).not.toContain(gone.memberId);
  expect(members.find(({ id }) => id === member.memberId)).toMatchObject({
    name: member.name,
    role: { name: "Developer" },
    status: "disabled",
    activeKeys: 1,
    lastSeenAt: expect.any(String),
    isSelf: false,
    isChangeable: true,
  });
  expect(members.find(({ id }) => id === admin.memberId)).toMatchObject({ isSelf: true, lastSeenAt: null });
  expect(await countMembers(admin)).toBe(3);
  expect(JSON.stringify(members)).not.toMatch(/passwordHash|permissions/);
});

test("somebody is found by a part of their name or e-mail, taken literally, and only in this team", async () => {
  const [team, other] = [await createTestTeam(), await createTestTeam()];
  const admin = await createTestMember(team, { role: "Admin" });
  const ada = await createTestUser();
  await db.user.update({ where: { id: ada.id }, data: { name: "Ada 100%_Love\\lace" } });
  await createTestMember(team, {}, ada);
  await createTestMember(other, {}, ada);
  const stranger = await createTestUser();
  await createTestMember(other, {}, stranger);
  const namesFor = async (q: string) => (await listMembers(admin, list({ q }))).members.map(({ name }) => name);
  for (const q of ["ada 100%", "%_love", "\\lace", ada.email.slice(0, 20).toUpperCase()]) {
    expect(await namesFor(q)).toEqual(["Ada 100%_Love\\lace"]);
  }
  for (const q of ["ada_100", "100%%", stranger.email]) expect(await namesFor(q)).toEqual([]);
});

test("a big team comes page by page, everybody once, who joined last first", async () => {
  const team = await createTestTeam();
  const admin = await createTestMember(team, { role: "Admin" });
  for (let count = 0; count < 60; count++) await createTestMember(team, { role: "Viewer" });
  const first = await listMembers(admin, list());
  const second = await listMembers(admin, list({ after: first.older ?? "" }));
  const ids = [...first.members, ...second.members].map(({ id }) => id);
  expect([first.members.length, second.members.length, new Set(ids).size]).toEqual([50, 12, 62]);
  expect([first.newer, second.older]).toEqual([null, null]);
  expect((await listMembers(admin, list({ before: second.newer ?? "" }))).members).toEqual(first.members);
});

test("whoever has a bigger role than the reader is marked as not theirs to change", async () => {
  const team = await createTestTeam();
  const admin = await createTestMember(team, { role: "Admin" });
  const manager = await createTestMember(team, { permissions: ["team.manage_members"] });
  const { members } = await listMembers(manager, list());
  expect(members.find(({ id }) => id === admin.memberId)?.isChangeable).toBe(false);
  expect(members.find(({ id }) => id === manager.memberId)?.isChangeable).toBe(true);
});

test("the list takes the permission", async () => {
  const developer = await createTestMember(await createTestTeam());
  await expectAppError(listMembers(developer, list()), "forbidden");
  await expectAppError(countMembers(developer), "forbidden");
});
