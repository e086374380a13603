import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { db } from "@/lib/database/db";
import { renameRole } from "@/lib/roles/rename-role";
import { expectAppError } from "@/lib/testing/expect-app-error";
import { auditEntries, createTestMember, createTestTeam } from "@/lib/testing/fixtures";

const idOf = async (teamId: string, name: string) =>
  (await db.role.findUniqueOrThrow({ where: { teamId_name: { teamId, name } } })).id;

async function teamWithAdmin() {
  const team = await createTestTeam();
  return { team, actor: await createTestMember(team, { role: "Admin" }) };
}

describe("renaming a role", () => {
  test("keeps what it grants and who has it, and is in the audit log", async () => {
    const { team, actor } = await teamWithAdmin();
    const roleId = await idOf(team.id, "Viewer");
    const before = await db.role.findUniqueOrThrow({ where: { id: roleId } });
    await renameRole(actor, { roleId, name: "Guest" });
    expect(await db.role.findUniqueOrThrow({ where: { id: roleId } })).toEqual({ ...before, name: "Guest" });
    expect(await auditEntries(team.id, "role.renamed")).toMatchObject([
      { targetType: "role", targetId: roleId, targetLabel: "Guest", details: { from: "Viewer", to: "Guest" } },
    ]);
  });

  test("may change its capitals alone; to the same name changes nothing", async () => {
    const { team, actor } = await teamWithAdmin();
    const roleId = await idOf(team.id, "Viewer");
    await renameRole(actor, { roleId, name: "VIEWER" });
    await renameRole(actor, { roleId, name: "VIEWER" });
    expect(await auditEntries(team.id, "role.renamed")).toHaveLength(1);
  });

  test("is refused for the built-in Admin, also to an Admin", async () => {
    const { team, actor } = await teamWithAdmin();
    const error = await expectAppError(
      renameRole(actor, { roleId: await idOf(team.id, "Admin"), name: "Boss" }),
      "conflict",
    );
    expect(error.message).toContain("Duplicate");
  });

  test("is refused for a role that grants more than the actor holds", async () => {
    const team = await createTestTeam();
    const actor = await createTestMember(team, { permissions: ["team.manage_roles"] });
    await expectAppError(renameRole(actor, { roleId: await idOf(team.id, "Viewer"), name: "X" }), "forbidden");
  });

  test("doesn't find another team's role, or one that isn't there", async () => {
    const { actor } = await teamWithAdmin();
    const { team: other } = await teamWithAdmin();
    for (const roleId of [await idOf(other.id, "Viewer"), randomUUID()]) {
      await expectAppError(renameRole(actor, { roleId, name: "X" }), "not_found");
    }
    await expect(idOf(other.id, "Viewer")).resolves.toBeDefined();
  });

  test("needs the permission", async () => {
    const team = await createTestTeam();
    const actor = await createTestMember(team, { role: "Developer" });
    await expectAppError(renameRole(actor, { roleId: await idOf(team.id, "Viewer"), name: "X" }), "forbidden");
  });

  test("by two at once to one name leaves one of each", async () => {
    const { team, actor } = await teamWithAdmin();
    const second = await createTestMember(team, { role: "Admin" });
    const [viewer, member] = [await idOf(team.id, "Viewer"), await idOf(team.id, "Member")];
    const renamed = await Promise.allSettled([
      renameRole(actor, { roleId: viewer, name: "Guest" }),
      renameRole(second, { roleId: member, name: "guest" }),
    ]);
    expect(renamed.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await auditEntries(team.id, "role.renamed")).toHaveLength(1);
  });
});
