import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { Actor } from "@/lib/auth/actor";
import { db } from "@/lib/database/db";
import { changeRole } from "@/lib/roles/change-role";
import { changeRoleSchema } from "@/lib/roles/schemas";
import { decideAboutToken } from "@/lib/testing/decide-about-token";
import { expectAppError } from "@/lib/testing/expect-app-error";
import { auditEntries, createTestKey, createTestMember, createTestTeam, type TestTeam } from "@/lib/testing/fixtures";

async function roleWith(team: TestTeam, permissions: string[]) {
  return db.role.create({ data: { teamId: team.id, name: randomUUID(), permissions } });
}

const granted = async (id: string) => (await db.role.findUniqueOrThrow({ where: { id } })).permissions;

async function teamWithAdmin() {
  const team = await createTestTeam();
  return { team, actor: await createTestMember(team, { role: "Admin" }) };
}

describe("a changed role", () => {
  test("grants what was chosen, and its entry says what was added, taken away and for how many", async () => {
    const { team, actor } = await teamWithAdmin();
    const role = await roleWith(team, ["events.read", "events.write"]);
    const user = async () => (await db.user.create({ data: { email: `${randomUUID()}@example.com`, name: "U" } })).id;
    await db.member.createMany({
      data: [
        { teamId: team.id, roleId: role.id, userId: await user() },
        { teamId: team.id, roleId: role.id, userId: await user(), disabledAt: new Date() },
        { teamId: team.id, roleId: role.id, userId: await user(), removedAt: new Date() },
      ],
    });
    await changeRole(actor, {
      roleId: role.id,
      permissions: ["developer.manage_tokens", "events.read"],
      before: ["events.write", "events.read"],
    });
    expect(await granted(role.id)).toEqual(["developer.manage_tokens", "events.read"]);
    expect(await auditEntries(team.id, "role.changed")).toMatchObject([
      {
        targetType: "role",
        targetId: role.id,
        targetLabel: role.name,
        details: { added: ["developer.manage_tokens"], removed: ["events.write"], members: 2 },
      },
    ]);
  });

  test("counts for the next request of its members' keys", async () => {
    const { team, actor } = await teamWithAdmin();
    const member = await createTestMember(team, { permissions: ["events.read", "events.write"] });
    const role = await db.role.findFirstOrThrow({ where: { members: { some: { id: member.memberId } } } });
    const { token } = await createTestKey(member, { scopes: ["events.read", "events.write"] });
    const scopes = async () => {
      const decision = await decideAboutToken(token);
      return "scopes" in decision ? decision.scopes : decision.code;
    };
    expect(await scopes()).toEqual(["events.read", "events.write"]);
    await changeRole(actor, { roleId: role.id, permissions: ["events.read"], before: role.permissions });
    expect(await scopes()).toEqual(["events.read"]);
    await changeRole(actor, { roleId: role.id, permissions: role.permissions, before: ["events.read"] });
    expect(await scopes()).toEqual(["events.read", "events.write"]);
  });

  test("that is as it was leaves no entry", async () => {
    const { team, actor } = await teamWithAdmin();
    const role = await roleWith(team, ["events.read"]);
    await changeRole(actor, { roleId: role.id, permissions: ["events.read"], before: ["events.read"] });
    expect(await auditEntries(team.id, "role.changed")).toHaveLength(0);
  });

  test("stays as it was when its entry can't be written", async () => {
    const { team, actor } = await teamWithAdmin();
    const role = await roleWith(team, ["events.read"]);
    await expect(
      changeRole({ ...actor, name: "\0" }, { roleId: role.id, permissions: [], before: ["events.read"] }),
    ).rejects.toThrow();
    expect(await granted(role.id)).toEqual(["events.read"]);
  });

  test("may list permissions that the catalog has forgotten; saving drops them", async () => {
    const { team, actor } = await teamWithAdmin();
    const role = await roleWith(team, ["events.read", "fax.send"]);
    await changeRole(actor, { roleId: role.id, permissions: [], before: ["events.read"] });
    expect(await granted(role.id)).toEqual([]);
  });
});

describe("nobody gives what they don't hold", () => {
  const HELD = ["team.manage_roles", "events.read"];

  test.each(["developer.manage_tokens", "team.manage_members", "events.write", "audit.view"])(
    "%s, to a role of others or to their own",
    async (permission) => {
      const team = await createTestTeam();
      const actor = await createTestMember(team, { permissions: HELD });
      const own = await db.role.findFirstOrThrow({ where: { members: { some: { id: actor.memberId } } } });
      const other = await roleWith(team, []);
      for (const role of [own, other]) {
        const change = { roleId: role.id, permissions: [...role.permissions, permission], before: role.permissions };
        const { message } = await expectAppError(changeRole(actor, change), "forbidden");
        expect(message).toContain(permission);
        expect(await granted(role.id)).toEqual(role.permissions);
      }
    },
  );

  test("and doesn't touch a role that grants more than they hold, not even to narrow it", async () => {
    const team = await createTestTeam();
    const actor = await createTestMember(team, { permissions: HELD });
    const role = await roleWith(team, ["events.read", "events.write"]);
    const change = { roleId: role.id, permissions: ["events.read"], before: role.permissions };
    await expectAppError(changeRole(actor, change), "forbidden");
  });

  test("judged by what they hold when it is saved", async () => {
    const team = await createTestTeam();
    const actor = await createTestMember(team, { permissions: [...HELD, "events.write"] });
    await db.role.updateMany({ where: { members: { some: { id: actor.memberId } } }, data: { permissions: HELD } });
    const role = await roleWith(team, []);
    await expectAppError(
      changeRole(actor, { roleId: role.id, permissions: ["events.write"], before: [] }),
      "forbidden",
    );
  });

  test("but what they hold they can give and take", async () => {
    const team = await createTestTeam();
    const actor = await createTestMember(team, { permissions: HELD });
    const role = await roleWith(team, []);
    await changeRole(actor, { roleId: role.id, permissions: HELD, before: [] });
    await changeRole(actor, { roleId: role.id, permissions: [], before: HELD });
    expect(await granted(role.id)).toEqual([]);
  });
});

describe("a role isn't changed", () => {
  test("when it is the built-in Admin, also by an Admin", async () => {
    const { team, actor } = await teamWithAdmin();
    const role = await db.role.findFirstOrThrow({ where: { teamId: team.id, grantsAll: true } });
    const before = [...actor.permissions];
    await expectAppError(changeRole(actor, { roleId: role.id, permissions: [], before }), "conflict");
  });

  test("when it is another team's, or isn't there", async () => {
    const { actor } = await teamWithAdmin();
    const foreign = await roleWith(await createTestTeam(), []);
    for (const roleId of [foreign.id, randomUUID()]) {
      await expectAppError(changeRole(actor, { roleId, permissions: ["events.read"], before: [] }), "not_found");
    }
    expect(await granted(foreign.id)).toEqual([]);
  });

  test("without the permission", async () => {
    const team = await createTestTeam();
    const actor = await createTestMember(team, { role: "Developer" });
    const role = await roleWith(team, []);
    await expectAppError(changeRole(actor, { roleId: role.id, permissions: [], before: [] }), "forbidden");
  });

  test.each(["no.such", "keys.verify", "*", "team.manage_everything"])(
    "to grant %s, which is no permission",
    async (name) => {
      const { team, actor } = await teamWithAdmin();
      const role = await roleWith(team, []);
      await expectAppError(changeRole(actor, { roleId: role.id, permissions: [name], before: [] }), "invalid");
    },
  );

  test("when the form was filled before somebody else changed it", async () => {
    const { team, actor } = await teamWithAdmin();
    const role = await roleWith(team, ["events.read"]);
    const change = (permissions: string[]) =>
      changeRole(actor, { roleId: role.id, permissions, before: ["events.read"] });
    const saved = await Promise.allSettled([change(["events.write"]), change(["contacts.read"]), change([])]);
    const refused = saved.filter((each) => each.status === "rejected");
    expect(refused.map(({ reason }) => reason.code)).toEqual(["conflict", "conflict"]);
    expect(await auditEntries(team.id, "role.changed")).toHaveLength(1);
  });

  test("when nobody would be left who can manage roles", async () => {
    const team = await createTestTeam();
    await db.member.updateMany({ where: { teamId: team.id }, data: { disabledAt: new Date() } });
    const actor = await createTestMember(team, { permissions: ["team.manage_roles"] });
    const own = await db.role.findFirstOrThrow({ where: { members: { some: { id: actor.memberId } } } });
    const giveUp = () => changeRole(actor, { roleId: own.id, permissions: [], before: ["team.manage_roles"] });
    await expectAppError(giveUp(), "conflict");
    expect(await granted(own.id)).toEqual(["team.manage_roles"]);
    const other = await createTestMember(team, { permissions: ["team.manage_roles"] });
    await giveUp();
    await expectAppError(giveUpOf(other), "conflict");
  });
});

async function giveUpOf(actor: Actor) {
  const own = await db.role.findFirstOrThrow({ where: { members: { some: { id: actor.memberId } } } });
  return changeRole(actor, { roleId: own.id, permissions: [], before: own.permissions });
}

test("two managers who give up managing roles at once don't both succeed", async () => {
  const team = await createTestTeam();
  await db.member.updateMany({ where: { teamId: team.id }, data: { removedAt: new Date() } });
  const managers = [
    await createTestMember(team, { permissions: ["team.manage_roles"] }),
    await createTestMember(team, { permissions: ["team.manage_roles"] }),
  ];
  const done = await Promise.allSettled(managers.map(giveUpOf));
  expect(done.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
});

test.each([
  { permissions: "events.read" },
  { permissions: [{ not: "" }] },
  { permissions: ["x".repeat(65)] },
  { permissions: [], grantsAll: true },
  { permissions: [], before: null },
  { roleId: "1", permissions: [] },
])("a change that isn't one is refused: %j", (change) => {
  expect(changeRoleSchema.safeParse({ roleId: randomUUID(), before: [], ...change }).success).toBe(false);
});
