import { describe, expect, test } from "vitest";
import { db } from "@/lib/database/db";
import { requestAccess } from "@/lib/notices/request-access";
import { expectAppError } from "@/lib/testing/expect-app-error";
import { createTestMember, createTestTeam, inDays, setRolePermissions } from "@/lib/testing/fixtures";
import { noticesOf, titlesOf, unreadOf } from "@/lib/testing/notices";

const AUDIT_LOG = { path: "settings/audit-log", label: "Audit log", anyOf: ["audit.view"] } as const;
const MEMBERS = { path: "settings/members", label: "Members", anyOf: ["team.manage_members"] } as const;

async function teamWith() {
  const team = await createTestTeam();
  const admin = await createTestMember(team, { role: "Admin" });
  const asking = await createTestMember(team, { permissions: [] });
  return { team, admin, asking };
}

describe("a request for access", () => {
  test("is a notice for those who can change roles of members, once per screen and day", async () => {
    const { team, admin, asking } = await teamWith();
    const developer = await createTestMember(team, { role: "Developer" });
    await Promise.all([requestAccess(asking, AUDIT_LOG), requestAccess(asking, AUDIT_LOG)]);
    await requestAccess(asking, AUDIT_LOG);
    expect(await noticesOf(admin)).toMatchObject([
      {
        title: `${asking.name} requests access to Audit log`,
        action: { label: "Change role", path: `settings/members?q=${encodeURIComponent(asking.name)}` },
      },
    ]);
    expect(await titlesOf(developer)).toEqual([]);
    await requestAccess(asking, MEMBERS);
    expect(await unreadOf(admin)).toBe(2);
    await db.notice.updateMany({ where: { memberId: admin.memberId }, data: { at: inDays(-1) } });
    await db.$executeRaw`
      update notices set subject = replace(subject, to_char(now() at time zone 'UTC', 'YYYY-MM-DD'), 'the day before')
      where member_id = ${admin.memberId}::uuid`;
    await requestAccess(asking, MEMBERS);
    expect(await unreadOf(admin)).toBe(3);
  });

  test("disappears when the member has access, or is removed", async () => {
    const { admin, asking } = await teamWith();
    await requestAccess(asking, AUDIT_LOG);
    await setRolePermissions(asking, ["audit.view"]);
    expect(await titlesOf(admin)).toEqual([]);
    await setRolePermissions(asking, []);
    expect(await titlesOf(admin)).toHaveLength(1);
    await db.member.update({ where: { id: asking.memberId }, data: { removedAt: new Date() } });
    expect(await titlesOf(admin)).toEqual([]);
  });

  test("for a page that the member can open is a conflict, and tells nobody", async () => {
    const { admin, asking } = await teamWith();
    const permissions = new Set(["audit.view"]);
    await expectAppError(requestAccess({ ...asking, permissions }, AUDIT_LOG), "conflict");
    expect(await titlesOf(admin)).toEqual([]);
  });
});
