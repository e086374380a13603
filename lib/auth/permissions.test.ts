import { describe, expect, test } from "vitest";
import { authorize, can, permissionsOf } from "@/lib/auth/permissions";
import { db } from "@/lib/database/db";
import { AppError } from "@/lib/errors";
import { apiPermissions } from "@/lib/permissions/catalog";
import { CONSOLE_PERMISSIONS, type ConsolePermission } from "@/lib/permissions/console-permissions";
import { createTestMember, createTestTeam } from "@/lib/testing/fixtures";

/** The complete matrix of built-in roles. A missing row or column fails the test. */
const matrix = {
  //                        Admin  Developer Member Viewer
  "developer.manage_tokens": [true, true, false, false],
  "team.manage_keys": [true, false, false, false],
  "team.manage_members": [true, false, false, false],
  "team.manage_roles": [true, false, false, false],
  "team.manage_policies": [true, false, false, false],
  "audit.view": [true, false, false, false],
  "events.read": [true, true, true, true],
  "events.write": [true, true, true, false],
  "contacts.read": [true, true, true, true],
  "contacts.write": [true, true, true, false],
  "messages.read": [true, true, true, true],
  "messages.write": [true, true, true, false],
  "reports.read": [true, true, true, true],
  "reports.write": [true, true, true, false],
};
const roles = ["Admin", "Developer", "Member", "Viewer"] as const;

describe("the matrix of roles and permissions", () => {
  test("leaves out no permission and no built-in role", async () => {
    expect(Object.keys(matrix).sort()).toEqual([...Object.keys(CONSOLE_PERMISSIONS), ...apiPermissions()].sort());
    const { id } = await createTestTeam();
    const built = await db.role.findMany({ where: { teamId: id } });
    expect(built.map(({ name }) => name).sort()).toEqual([...roles].sort());
  });

  test.each(roles)("is what a new team's %s may do", async (role) => {
    const actor = await createTestMember(await createTestTeam(), { role });
    for (const [permission, columns] of Object.entries(matrix)) {
      const isAllowed = columns[roles.indexOf(role)] ?? expect.fail("no such column");
      expect(can(actor, permission as ConsolePermission), permission).toBe(isAllowed);
      if (!(permission in CONSOLE_PERMISSIONS)) continue;
      const authorizing = expect(() => authorize(actor, permission as ConsolePermission), permission);
      isAllowed ? authorizing.not.toThrow() : authorizing.toThrow(AppError);
    }
  });
});

test("a role grants only what the console and the catalog know", () => {
  const permissions = permissionsOf({
    grantsAll: false,
    permissions: ["events.read", "gone.read", "keys.verify", "*", ""],
  });
  expect([...permissions]).toEqual(["events.read"]);
});

test("a role that grants all grants everything that is known, and nothing else", () => {
  const everything = [...Object.keys(CONSOLE_PERMISSIONS), ...apiPermissions()];
  expect([...permissionsOf({ grantsAll: true, permissions: ["gone.read"] })].sort()).toEqual(everything.sort());
});

test("a role that grants nothing grants nothing", () => {
  expect(permissionsOf({ grantsAll: false, permissions: [] }).size).toBe(0);
});

test("a refusal says which permission is missing and where it is granted", () => {
  expect(() => authorize({ permissions: new Set() }, "developer.manage_tokens")).toThrow(
    expect.objectContaining({
      code: "forbidden",
      message: expect.stringContaining("“Manage API tokens” (under Developer)"),
    }),
  );
});

test("of several permissions one is enough, and a refusal names them all", () => {
  const anyOf = ["developer.manage_tokens", "team.manage_keys"] as const;
  for (const permission of anyOf) {
    expect(() => authorize({ permissions: new Set([permission]) }, ...anyOf)).not.toThrow();
  }
  expect(() => authorize({ permissions: new Set(["audit.view"]) }, ...anyOf)).toThrow(
    expect.objectContaining({
      code: "forbidden",
      message: expect.stringContaining("“Manage API tokens” (under Developer) or “Manage team keys” (under Team)"),
    }),
  );
});

test("where no permission is named, nobody is allowed", () => {
  const permissions = new Set(Object.keys(CONSOLE_PERMISSIONS));
  expect(can({ permissions })).toBe(false);
  expect(() => authorize({ permissions })).toThrow(AppError);
});
