import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { Actor } from "@/lib/auth/actor";
import { db } from "@/lib/database/db";
import { describeChange } from "@/lib/roles/describe-change";
import { previewRoleChange } from "@/lib/roles/preview-role-change";
import { expectAppError } from "@/lib/testing/expect-app-error";
import { createTestKey, createTestMember, createTestTeam, createTestUser, inDays } from "@/lib/testing/fixtures";

const GRANTED = ["developer.manage_tokens", "events.read", "events.write"];

/** A role with `count` members, to whom the test gives keys. */
async function roleWithMembers(count: number) {
  const team = await createTestTeam();
  const actor = await createTestMember(team, { role: "Admin" });
  const first = await createTestMember(team, { permissions: GRANTED });
  const { roleId } = await db.member.findUniqueOrThrow({ where: { id: first.memberId } });
  const holders: Actor[] = [first];
  while (holders.length < count) {
    const { id: userId } = await createTestUser();
    const { id } = await db.member.create({ data: { teamId: team.id, roleId, userId } });
    holders.push({ ...first, userId, memberId: id });
  }
  return { team, actor, roleId, holders };
}

describe("the preview of a role's change", () => {
  test("counts its members and the active keys that lose or gain each scope", async () => {
    const { actor, roleId, holders } = await roleWithMembers(3);
    const [one, two, three] = holders as [Actor, Actor, Actor];
    for (const holder of holders) await createTestKey(holder, { scopes: ["events.write", "events.read"] });
    for (const holder of [one, two]) await createTestKey(holder, { scopes: ["events.write", "reports.read"] });
    await createTestKey(three, { scopes: ["events.read"] });
    expect(await previewRoleChange(actor, { roleId, permissions: ["events.read", "reports.read"] })).toEqual({
      members: 3,
      lost: [
        { name: "developer.manage_tokens", keys: null },
        { name: "events.write", keys: 5 },
      ],
      gained: [{ name: "reports.read", keys: 2 }],
    });
  });

  test("leaves out dead keys, team keys, and those of other roles, of removed members and of other teams", async () => {
    const { team, actor, roleId, holders } = await roleWithMembers(2);
    const [one, removed] = holders as [Actor, Actor];
    await createTestKey(one, { scopes: ["events.write"], revokedAt: new Date() });
    await createTestKey(one, { scopes: ["events.write"], expiresAt: inDays(-1) });
    await createTestKey(one, { kind: "team", scopes: ["events.write"] });
    await createTestKey(removed, { scopes: ["events.write"] });
    await db.member.update({ where: { id: removed.memberId }, data: { removedAt: new Date() } });
    await createTestKey(await createTestMember(team, { role: "Developer" }), { scopes: ["events.write"] });
    const other = await roleWithMembers(1);
    for (const holder of other.holders) await createTestKey(holder, { scopes: ["events.write"] });
    const preview = await previewRoleChange(actor, { roleId, permissions: GRANTED.slice(0, 2) });
    expect(preview).toEqual({ members: 1, lost: [{ name: "events.write", keys: 0 }], gained: [] });
  });

  test("counts a key once although it names the scope twice", async () => {
    const { actor, roleId, holders } = await roleWithMembers(1);
    await createTestKey(holders[0] as Actor, { scopes: ["events.write", "events.write"] });
    const { lost } = await previewRoleChange(actor, { roleId, permissions: GRANTED.slice(0, 2) });
    expect(lost).toEqual([{ name: "events.write", keys: 1 }]);
  });

  test("changes nothing", async () => {
    const { actor, roleId } = await roleWithMembers(1);
    await previewRoleChange(actor, { roleId, permissions: [] });
    expect((await db.role.findUniqueOrThrow({ where: { id: roleId } })).permissions).toEqual(GRANTED);
  });

  test("is for who may manage roles, of their own team's roles", async () => {
    const { team, actor, roleId } = await roleWithMembers(1);
    const developer = await createTestMember(team, { role: "Developer" });
    await expectAppError(previewRoleChange(developer, { roleId, permissions: [] }), "forbidden");
    const foreign = await roleWithMembers(1);
    for (const id of [foreign.roleId, randomUUID()]) {
      await expectAppError(previewRoleChange(actor, { roleId: id, permissions: [] }), "not_found");
    }
    await expectAppError(previewRoleChange(actor, { roleId, permissions: ["no.such"] }), "invalid");
  });
});

describe("a change in words", () => {
  const api = (name: string, keys: number) => ({ name, keys });
  const own = (name: string) => ({ name, keys: null });

  test.each([
    [3, api("events.write", 7), "3 members and 7 of their keys lose events.write."],
    [1, api("events.write", 1), "1 member and 1 of their keys lose events.write."],
    [1, api("events.write", 0), "1 member loses events.write. None of their keys has it."],
    [2, api("events.write", 0), "2 members lose events.write. None of their keys has it."],
    [3, own("developer.manage_tokens"), "3 members can no longer manage API tokens. Their existing keys keep working."],
    [1, own("audit.view"), "1 member can no longer view the audit log."],
  ])("taken from %i: %j", (members, lost, sentence) => {
    expect(describeChange({ members, lost: [lost], gained: [] }).lost).toEqual([sentence]);
  });

  test.each([
    [3, api("events.write", 0), "3 members gain events.write."],
    [1, api("events.write", 1), "1 member gains events.write, and 1 key of theirs with this scope can use it again."],
    [2, own("developer.manage_tokens"), "2 members can manage API tokens."],
  ])("given to %i: %j", (members, gained, sentence) => {
    expect(describeChange({ members, lost: [], gained: [gained] }).gained).toEqual([sentence]);
  });
});
