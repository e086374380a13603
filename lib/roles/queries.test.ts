import { describe, expect, test } from "vitest";
import { db } from "@/lib/database/db";
import { listRoles } from "@/lib/roles/queries";
import { expectAppError } from "@/lib/testing/expect-app-error";
import { createTestMember, createTestTeam } from "@/lib/testing/fixtures";

describe("the list of roles", () => {
  test("has the team's own, the built-in Admin first, with how many hold each", async () => {
    const team = await createTestTeam();
    const actor = await createTestMember(team, { role: "Admin" });
    const disabled = await createTestMember(team, { role: "Viewer" });
    const removed = await createTestMember(team, { role: "Viewer" });
    await db.member.update({ where: { id: disabled.memberId }, data: { disabledAt: new Date() } });
    await db.member.update({ where: { id: removed.memberId }, data: { removedAt: new Date() } });
    await createTestTeam();
    const roles = await listRoles(actor);
    expect(roles.map(({ name, members, isOwn }) => [name, members, isOwn])).toEqual([
      ["Admin", 2, true],
      ["Developer", 0, false],
      ["Member", 0, false],
      ["Viewer", 1, false],
    ]);
  });

  test("says which of them the actor can't change, and why", async () => {
    const team = await createTestTeam();
    const actor = await createTestMember(team, { permissions: ["team.manage_roles"] });
    await db.role.create({ data: { teamId: team.id, name: "Empty" } });
    const roles = await listRoles(actor);
    const obstacleOf = (name: string) => roles.find((role) => role.name === name)?.obstacle;
    expect(obstacleOf("Empty")).toBeNull();
    expect(obstacleOf("Admin")).toContain("can't be changed, renamed or deleted");
    expect(obstacleOf("Viewer")).toContain("events.read");
  });

  test("is for who may manage roles", async () => {
    const actor = await createTestMember(await createTestTeam(), { role: "Developer" });
    await expectAppError(listRoles(actor), "forbidden");
  });
});
