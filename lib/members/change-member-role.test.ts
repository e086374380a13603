import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { Actor } from "@/lib/auth/actor";
import { db } from "@/lib/database/db";
import { changeMemberRole } from "@/lib/members/change-member-role";
import { listGrantableRoles } from "@/lib/members/grantable-role";
import { decideAboutToken } from "@/lib/testing/decide-about-token";
import { expectAppError } from "@/lib/testing/expect-app-error";
import {
  auditEntries,
  createTestKey,
  createTestMember,
  createTestTeam,
  setRolePermissions,
  type TestTeam,
} from "@/lib/testing/fixtures";
import { ownerDb } from "@/lib/testing/owner-database";

const MANAGER = { permissions: ["team.manage_members", "events.read"] };

async function roleOf(team: TestTeam, name: string): Promise<string> {
  return (await db.role.findUniqueOrThrow({ where: { teamId_name: { teamId: team.id, name } } })).id;
}

const roleIdOf = async ({ memberId }: Actor) => (await db.member.findUniqueOrThrow({ where: { id: memberId } })).roleId;

/** A team with a single Admin, who is returned. */
async function teamWithOneAdmin() {
  const team = await createTestTeam();
  await ownerDb.member.deleteMany({ where: { teamId: team.id } });
  return { team, admin: await createTestMember(team, { role: "Admin" }) };
}

async function codesOf(results: Promise<unknown>[]): Promise<string[]> {
  const settled = await Promise.allSettled(results);
  return settled.map((result) => (result.status === "fulfilled" ? "done" : result.reason.code)).sort();
}

describe("changing a member's role", () => {
  test("counts for their personal keys from the next request on, and leaves one audit entry", async () => {
    const team = await createTestTeam();
    const [admin, member] = [await createTestMember(team, { role: "Admin" }), await createTestMember(team)];
    const { token } = await createTestKey(member, { scopes: ["events.read", "events.write"] });
    await changeMemberRole(admin, { id: member.memberId, roleId: await roleOf(team, "Viewer") });
    expect(await decideAboutToken(token)).toMatchObject({ code: "valid", scopes: ["events.read"] });
    expect(await auditEntries(team.id, "member.role_changed")).toMatchObject([
      {
        actorId: admin.userId,
        targetType: "member",
        targetId: member.memberId,
        details: { from: "Developer", to: "Viewer" },
      },
    ]);
  });

  test("to the role they have changes and records nothing", async () => {
    const team = await createTestTeam();
    const [admin, member] = [await createTestMember(team, { role: "Admin" }), await createTestMember(team)];
    await changeMemberRole(admin, { id: member.memberId, roleId: await roleOf(team, "Developer") });
    expect(await auditEntries(team.id, "member.role_changed")).toEqual([]);
  });

  test("takes the permission, as it is now and not as it was when the page was opened", async () => {
    const team = await createTestTeam();
    const [outsider, manager, member] = [
      await createTestMember(team, { role: "Developer" }),
      await createTestMember(team, MANAGER),
      await createTestMember(team, { role: "Viewer" }),
    ];
    const input = { id: member.memberId, roleId: await roleOf(team, "Member") };
    await expectAppError(changeMemberRole(outsider, input), "forbidden");
    await setRolePermissions(manager, ["events.read"]);
    await expectAppError(changeMemberRole(manager, input), "forbidden");
    expect(await roleIdOf(member)).toBe(await roleOf(team, "Viewer"));
  });

  test("of another team's member, to another team's role, or of one who was removed is not found", async () => {
    const [team, other] = [await createTestTeam(), await createTestTeam()];
    const admin = await createTestMember(team, { role: "Admin" });
    const [member, stranger, gone] = [
      await createTestMember(team),
      await createTestMember(other),
      await createTestMember(team),
    ];
    await db.member.update({ where: { id: gone.memberId }, data: { removedAt: new Date() } });
    const [ours, theirs] = [await roleOf(team, "Viewer"), await roleOf(other, "Viewer")];
    for (const input of [
      { id: stranger.memberId, roleId: ours },
      { id: member.memberId, roleId: theirs },
      { id: gone.memberId, roleId: ours },
      { id: randomUUID(), roleId: ours },
    ]) {
      await expectAppError(changeMemberRole(admin, input), "not_found");
    }
  });

  test("gives no role that grants more than the giver's own, nor changes a member who has one", async () => {
    const team = await createTestTeam();
    const [manager, admin, member] = [
      await createTestMember(team, MANAGER),
      await createTestMember(team, { role: "Admin" }),
      await createTestMember(team, { permissions: ["events.read"] }),
    ];
    const narrow = await roleIdOf(member);
    for (const name of ["Admin", "Developer", "Viewer"]) {
      const error = await expectAppError(
        changeMemberRole(manager, { id: member.memberId, roleId: await roleOf(team, name) }),
        "forbidden",
      );
      expect(error.fields.roleId).toContain(name);
    }
    await expectAppError(changeMemberRole(manager, { id: admin.memberId, roleId: narrow }), "forbidden");
    await expectAppError(
      changeMemberRole(manager, { id: manager.memberId, roleId: await roleOf(team, "Admin") }),
      "forbidden",
    );
    await changeMemberRole(manager, { id: member.memberId, roleId: await roleIdOf(manager) });
    const offered = await listGrantableRoles(manager);
    expect(offered.map(({ id }) => id).sort()).toEqual([narrow, await roleIdOf(manager)].sort());
  });

  test("a role that lists every permission of today is still less than Admin", async () => {
    const team = await createTestTeam();
    const admin = await createTestMember(team, { role: "Admin" });
    const almost = await createTestMember(team, { permissions: [...admin.permissions] });
    await expectAppError(
      changeMemberRole(almost, { id: almost.memberId, roleId: await roleOf(team, "Admin") }),
      "forbidden",
    );
    await expectAppError(
      changeMemberRole(almost, { id: admin.memberId, roleId: await roleOf(team, "Viewer") }),
      "forbidden",
    );
  });
});

describe("the last active Admin", () => {
  test("can't be demoted, not even by themselves", async () => {
    const { team, admin } = await teamWithOneAdmin();
    const input = { id: admin.memberId, roleId: await roleOf(team, "Developer") };
    const error = await expectAppError(changeMemberRole(admin, input), "conflict");
    expect(error.message).toContain("at least one active Admin");
    expect(await roleIdOf(admin)).toBe(await roleOf(team, "Admin"));
    expect(await auditEntries(team.id, "member.role_changed")).toEqual([]);
  });

  test.each([
    ["is disabled", { disabledAt: new Date() }],
    ["was removed", { removedAt: new Date() }],
  ])("is the last also when another %s", async (_, state) => {
    const { team, admin } = await teamWithOneAdmin();
    const other = await createTestMember(team, { role: "Admin" });
    await db.member.update({ where: { id: other.memberId }, data: state });
    const input = { id: admin.memberId, roleId: await roleOf(team, "Developer") };
    await expectAppError(changeMemberRole(admin, input), "conflict");
  });

  test("is the last also when another's account is disabled", async () => {
    const { team, admin } = await teamWithOneAdmin();
    const other = await createTestMember(team, { role: "Admin" });
    await db.user.update({ where: { id: other.userId }, data: { disabledAt: new Date() } });
    const input = { id: admin.memberId, roleId: await roleOf(team, "Developer") };
    await expectAppError(changeMemberRole(admin, input), "conflict");
  });

  test("remains when two demote each other at once, again and again", async () => {
    for (let round = 0; round < 5; round++) {
      const { team, admin } = await teamWithOneAdmin();
      const other = await createTestMember(team, { role: "Admin" });
      const roleId = await roleOf(team, "Viewer");
      const codes = await codesOf([
        changeMemberRole(admin, { id: other.memberId, roleId }),
        changeMemberRole(other, { id: admin.memberId, roleId }),
      ]);
      expect(codes).toEqual(["done", "forbidden"]);
      expect(await db.member.count({ where: { teamId: team.id, role: { grantsAll: true } } })).toBe(1);
    }
  });

  test("remains when two demote themselves at once", async () => {
    for (let round = 0; round < 5; round++) {
      const { team, admin } = await teamWithOneAdmin();
      const other = await createTestMember(team, { role: "Admin" });
      const roleId = await roleOf(team, "Viewer");
      const codes = await codesOf([admin, other].map((each) => changeMemberRole(each, { id: each.memberId, roleId })));
      expect(codes).toEqual(["conflict", "done"]);
    }
  });
});
