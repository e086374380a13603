import { describe, expect, test } from "vitest";
import type { Actor } from "@/lib/auth/actor";
import { db } from "@/lib/database/db";
import { renewInvitation, withdrawInvitation } from "@/lib/invitations/change-invitation";
import { inviteMember } from "@/lib/invitations/invite-member";
import { findInvitation, listInvitations } from "@/lib/invitations/queries";
import { expectAppError } from "@/lib/testing/expect-app-error";
import { auditEntries, createTestMember, createTestTeam, DAY_MS } from "@/lib/testing/fixtures";
import { codeIn, createOpenInvitations, someEmail, teamWithAdmin } from "@/lib/testing/invitations";

describe("withdrawing and renewing", () => {
  test("a withdrawn invitation can't be used, renewed or withdrawn again", async () => {
    const { team, admin, roleId } = await teamWithAdmin();
    const { id, url } = await inviteMember(admin, { email: null, roleId });
    await withdrawInvitation(admin, { id });
    expect(await findInvitation(codeIn(url))).toBeNull();
    expect(await listInvitations(admin)).toEqual([]);
    await expectAppError(withdrawInvitation(admin, { id }), "conflict");
    await expectAppError(renewInvitation(admin, { id }), "conflict");
    expect(await auditEntries(team.id, "invitation.withdrawn")).toMatchObject([
      { actorId: admin.userId, targetId: id, targetLabel: "a copied link" },
    ]);
  });

  test("a new link takes the place of the old one, for another week, from who renewed it", async () => {
    const { team, admin, roleId } = await teamWithAdmin();
    const other = await createTestMember(team, { role: "Admin" });
    const email = someEmail();
    const old = await inviteMember(admin, { email, roleId });
    await db.invitation.update({ where: { id: old.id }, data: { expiresAt: new Date() } });
    const renewed = await renewInvitation(other, { id: old.id });
    expect(renewed).toMatchObject({ id: old.id, email, mail: "no_server" });
    expect(await findInvitation(codeIn(old.url))).toBeNull();
    expect(await findInvitation(codeIn(renewed.url))).toMatchObject({ email, invitedBy: other.name });
    expect(await auditEntries(team.id, "member.invited")).toMatchObject([{}, { details: { renewed: true } }]);
  });

  test("take the permission and a role that is no more than one's own; another team's isn't found", async () => {
    const { team, admin, roleId } = await teamWithAdmin();
    const { id } = await inviteMember(admin, { email: null, roleId });
    const manager = await createTestMember(team, { permissions: ["team.manage_members"] });
    const stranger = await createTestMember(await createTestTeam(), { role: "Admin" });
    for (const act of [withdrawInvitation, renewInvitation]) {
      await expectAppError(act(manager, { id }), "forbidden");
      await expectAppError(act(await createTestMember(team), { id }), "forbidden");
      await expectAppError(act(stranger, { id }), "not_found");
    }
  });
});

describe("an invitation that expired unused", () => {
  const expire = (id: string, daysAgo: number) =>
    db.invitation.update({ where: { id }, data: { expiresAt: new Date(Date.now() - daysAgo * DAY_MS) } });
  const listed = async (actor: Actor) => (await listInvitations(actor)).map(({ id, isExpired }) => ({ id, isExpired }));

  test("stays listed for a month, after the open ones, and can't be used meanwhile", async () => {
    const { admin, roleId } = await teamWithAdmin();
    const invite = (email: string | null) => inviteMember(admin, { email, roleId });
    const [old, late, copied, open] = [
      await invite(someEmail()),
      await invite(someEmail()),
      await invite(null),
      await invite(someEmail()),
    ];
    await expire(old.id, 30);
    await expire(late.id, 29);
    await expire(copied.id, 0);
    expect(await listed(admin)).toEqual([
      { id: open.id, isExpired: false },
      { id: copied.id, isExpired: true },
      { id: late.id, isExpired: true },
    ]);
    for (const { url } of [late, copied]) expect(await findInvitation(codeIn(url))).toBeNull();
    expect(await listInvitations(await createTestMember(await createTestTeam(), { role: "Admin" }))).toEqual([]);
  });

  test("is open again by a new link, or leaves the list when it is removed, with an entry", async () => {
    const { team, admin, roleId } = await teamWithAdmin();
    const [again, never] = [
      await inviteMember(admin, { email: someEmail(), roleId }),
      await inviteMember(admin, { email: null, roleId }),
    ];
    for (const { id } of [again, never]) await expire(id, 3);
    const renewed = await renewInvitation(admin, { id: again.id });
    expect(await findInvitation(codeIn(renewed.url))).toMatchObject({ email: again.email });
    expect(await findInvitation(codeIn(again.url))).toBeNull();
    await withdrawInvitation(admin, { id: never.id });
    expect(await listed(admin)).toEqual([{ id: again.id, isExpired: false }]);
    expect(await auditEntries(team.id, "invitation.withdrawn")).toMatchObject([{ targetId: never.id }]);
  });

  test("whose address joined since, or was invited again, isn't listed and can't be renewed", async () => {
    const { team, admin, roleId } = await teamWithAdmin();
    const user = await db.user.create({ data: { email: someEmail(), name: "Ada" } });
    const [joined, twice] = [
      await inviteMember(admin, { email: user.email, roleId }),
      await inviteMember(admin, { email: someEmail(), roleId }),
    ];
    for (const { id } of [joined, twice]) await expire(id, 3);
    const member = await createTestMember(team, {}, user);
    const { id: openId } = await inviteMember(admin, { email: twice.email, roleId });
    expect(await listed(admin)).toEqual([{ id: openId, isExpired: false }]);
    for (const { id } of [joined, twice]) await expectAppError(renewInvitation(admin, { id }), "conflict");
    await db.member.update({ where: { id: member.memberId }, data: { removedAt: new Date() } });
    await renewInvitation(admin, { id: joined.id });
    await renewInvitation(admin, { id: openId });
  });

  test("twice for one address is renewed once, also by two at once", async () => {
    const { admin, roleId } = await teamWithAdmin();
    const email = someEmail();
    const ids: string[] = [];
    for (let time = 0; time < 2; time++) {
      const { id } = await inviteMember(admin, { email, roleId });
      await expire(id, 3);
      ids.push(id);
    }
    const results = await Promise.allSettled(ids.map((id) => renewInvitation(admin, { id })));
    expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(await listed(admin)).toHaveLength(1);
  });

  test("isn't renewed where as many are open as there may be", async () => {
    const { team, admin, roleId } = await teamWithAdmin();
    const { id } = await inviteMember(admin, { email: null, roleId });
    await expire(id, 3);
    await createOpenInvitations(team, admin, roleId);
    await expectAppError(renewInvitation(admin, { id }), "limit_reached");
    await withdrawInvitation(admin, { id });
  });
});
