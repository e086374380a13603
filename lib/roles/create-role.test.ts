import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { db } from "@/lib/database/db";
import { apiPermissions } from "@/lib/permissions/catalog";
import { CONSOLE_PERMISSIONS } from "@/lib/permissions/console-permissions";
import { createRole, MAX_ROLES } from "@/lib/roles/create-role";
import { renameRole } from "@/lib/roles/rename-role";
import { createRoleSchema } from "@/lib/roles/schemas";
import { expectAppError } from "@/lib/testing/expect-app-error";
import { auditEntries, createTestMember, createTestTeam } from "@/lib/testing/fixtures";

const roleOf = (teamId: string, name: string) =>
  db.role.findUniqueOrThrow({ where: { teamId_name: { teamId, name } } });

async function admin() {
  return createTestMember(await createTestTeam(), { role: "Admin" });
}

describe("a new role", () => {
  test("grants nothing at first, and is in the audit log", async () => {
    const actor = await admin();
    const { id } = await createRole(actor, { name: "Support", copyOf: null });
    expect(await roleOf(actor.teamId, "Support")).toMatchObject({ id, grantsAll: false, permissions: [] });
    expect(await auditEntries(actor.teamId, "role.created")).toMatchObject([
      { actorId: actor.userId, targetType: "role", targetId: id, targetLabel: "Support", details: { permissions: [] } },
    ]);
  });

  test("made from another grants what that one does", async () => {
    const actor = await admin();
    const viewer = await roleOf(actor.teamId, "Viewer");
    await createRole(actor, { name: "Support", copyOf: viewer.id });
    expect((await roleOf(actor.teamId, "Support")).permissions).toEqual(apiPermissions("read"));
    expect(await auditEntries(actor.teamId, "role.created")).toMatchObject([
      { details: { copied_from: "Viewer", permissions: apiPermissions("read") } },
    ]);
  });

  test("made from Admin lists every permission of today, and isn't Admin", async () => {
    const actor = await admin();
    const source = await roleOf(actor.teamId, "Admin");
    await createRole(actor, { name: "Deputy", copyOf: source.id });
    const copy = await roleOf(actor.teamId, "Deputy");
    expect(copy.grantsAll).toBe(false);
    expect(copy.permissions).toEqual([...Object.keys(CONSOLE_PERMISSIONS), ...apiPermissions()]);
  });

  test("can't be made from one that grants more than its maker holds", async () => {
    const team = await createTestTeam();
    const actor = await createTestMember(team, { permissions: ["team.manage_roles", "events.read"] });
    for (const name of ["Admin", "Developer", "Viewer"]) {
      const { id } = await roleOf(team.id, name);
      await expectAppError(createRole(actor, { name: "Mine", copyOf: id }), "forbidden");
    }
    expect(await db.role.count({ where: { teamId: team.id, name: "Mine" } })).toBe(0);
  });

  test("can't be made from another team's", async () => {
    const actor = await admin();
    const foreign = await roleOf((await createTestTeam()).id, "Viewer");
    for (const copyOf of [foreign.id, randomUUID()]) {
      await expectAppError(createRole(actor, { name: "Mine", copyOf }), "not_found");
    }
  });

  test("needs the permission, as it is now and not as the page was opened", async () => {
    const developer = await createTestMember(await createTestTeam(), { role: "Developer" });
    await expectAppError(createRole(developer, { name: "Mine", copyOf: null }), "forbidden");
    const actor = await admin();
    const viewer = await roleOf(actor.teamId, "Viewer");
    await db.member.update({ where: { id: actor.memberId }, data: { roleId: viewer.id } });
    await expectAppError(createRole(actor, { name: "Mine", copyOf: null }), "forbidden");
  });

  test("isn't made when its audit entry can't be written", async () => {
    const actor = await admin();
    await expect(createRole({ ...actor, name: "\0" }, { name: "Support", copyOf: null })).rejects.toThrow();
    expect(await db.role.count({ where: { teamId: actor.teamId } })).toBe(4);
  });

  test("is refused when the team has as many as fit its list", async () => {
    const actor = await admin();
    await db.role.createMany({
      data: Array.from({ length: MAX_ROLES - 4 }, (_, index) => ({ teamId: actor.teamId, name: `Role ${index}` })),
    });
    await expectAppError(createRole(actor, { name: "One too many", copyOf: null }), "limit_reached");
  });
});

describe("the name of a role", () => {
  test.each(["Viewer", "VIEWER", "viewer", "Ｖiewer"])("%s is taken where there is a Viewer", async (name) => {
    const actor = await admin();
    const { fields } = await expectAppError(createRole(actor, { name, copyOf: null }), "conflict");
    expect(fields.name).toContain("Viewer");
    const member = await roleOf(actor.teamId, "Member");
    await expectAppError(renameRole(actor, { roleId: member.id, name }), "conflict");
    expect((await roleOf(actor.teamId, "Member")).id).toBe(member.id);
  });

  test("Ärzte is taken where there is ärzte", async () => {
    const actor = await admin();
    await createRole(actor, { name: "ärzte", copyOf: null });
    await expectAppError(createRole(actor, { name: "ÄRZTE", copyOf: null }), "conflict");
  });

  test("is free where only another team has it", async () => {
    const [one, other] = [await admin(), await admin()];
    await createRole(one, { name: "Support", copyOf: null });
    await expect(createRole(other, { name: "Support", copyOf: null })).resolves.toBeDefined();
  });

  test("is taken once, however many ask for it at the same time", async () => {
    const actor = await admin();
    const names = ["Support", "support", "SUPPORT", "sUPPORT"];
    const made = await Promise.allSettled(names.map((name) => createRole(actor, { name, copyOf: null })));
    expect(made.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await db.role.count({ where: { teamId: actor.teamId } })).toBe(5);
    expect(await auditEntries(actor.teamId, "role.created")).toHaveLength(1);
  });

  test.each([
    ["nothing", ""],
    ["spaces", "   "],
    ["41 characters", "x".repeat(41)],
    ["two lines", "a\nb"],
    ["a NUL", "a\0b"],
    ["an object", { equals: "Admin" }],
  ])("can't be %s", (_, name) => {
    expect(createRoleSchema.safeParse({ name }).success).toBe(false);
  });

  test("is kept without the spaces around it", () => {
    expect(createRoleSchema.parse({ name: " Support " }).name).toBe("Support");
  });

  test("comes with nothing that decides more: unknown fields are refused", () => {
    for (const field of ["grantsAll", "teamId", "permissions"]) {
      expect(createRoleSchema.safeParse({ name: "Support", [field]: true }).success).toBe(false);
    }
  });
});
