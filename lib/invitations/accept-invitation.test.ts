import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { signIn } from "@/lib/auth/sign-in";
import { db } from "@/lib/database/db";
import { acceptInvitation, acceptWithNewAccount } from "@/lib/invitations/accept-invitation";
import { withdrawInvitation } from "@/lib/invitations/change-invitation";
import { inviteMember } from "@/lib/invitations/invite-member";
import { findInvitation } from "@/lib/invitations/queries";
import { newAccountSchema } from "@/lib/invitations/schemas";
import { removeMember } from "@/lib/members/remove-member";
import { decideAboutToken } from "@/lib/testing/decide-about-token";
import { expectAppError } from "@/lib/testing/expect-app-error";
import {
  auditEntries,
  createTestKey,
  createTestMember,
  createTestTeam,
  createTestUser,
  NEW_BROWSER,
} from "@/lib/testing/fixtures";

const CONTEXT = { ip: "198.51.100.7", userAgent: "browser" };
const PASSWORD = "kq7!Vz2m and more";

/** A team with an invitation from its Admin, for an email address or for anyone with the link. */
async function invited(email: string | null = null, roleName = "Developer") {
  const team = await createTestTeam();
  const admin = await createTestMember(team, { role: "Admin" });
  const role = await db.role.findUniqueOrThrow({ where: { teamId_name: { teamId: team.id, name: roleName } } });
  const { id, url } = await inviteMember(admin, { email, roleId: role.id });
  return { team, admin, id, code: new URL(url).searchParams.get("code") ?? "" };
}

const account = (email: string | null = `${randomUUID()}@example.com`) => ({ name: "Ada", email, password: PASSWORD });

const membersOf = (teamId: string, userId: string) =>
  db.member.findMany({
    where: { teamId, userId },
    select: { id: true, removedAt: true, role: { select: { name: true } } },
  });

const outcomes = (results: PromiseSettledResult<unknown>[]) =>
  results.map((result) => (result.status === "fulfilled" ? "joined" : result.reason.code)).sort();

describe("accepting with a new account", () => {
  test("makes a user who is a member with the role, and can sign in", async () => {
    const { team, admin, code, id } = await invited();
    const input = account();
    expect(await acceptWithNewAccount(code, input, CONTEXT)).toMatchObject({
      team: { slug: team.slug },
      email: input.email,
    });
    expect(await signIn({ email: input.email, password: PASSWORD }, CONTEXT, NEW_BROWSER)).toMatchObject({
      status: "signed_in",
    });
    const user = await db.user.findUniqueOrThrow({ where: { email: input.email ?? "" } });
    const [member] = await membersOf(team.id, user.id);
    expect(member).toMatchObject({ removedAt: null, role: { name: "Developer" } });
    expect(await db.invitation.findUniqueOrThrow({ where: { id } })).toMatchObject({ acceptedById: user.id });
    expect(await auditEntries(team.id, "member.joined")).toMatchObject([
      {
        actorId: user.id,
        actorName: "Ada",
        targetId: member?.id,
        details: { role: "Developer", invited_by: admin.name },
        ...CONTEXT,
      },
    ]);
  });

  test("takes the address that the invitation was sent to, whatever else is sent", async () => {
    const email = `${randomUUID()}@example.com`;
    const { code } = await invited(email);
    const other = account();
    expect((await acceptWithNewAccount(code, other, CONTEXT)).email).toBe(email);
    expect(await db.user.count({ where: { email: other.email ?? "" } })).toBe(0);
  });

  test("an address that has an account must sign in; the code stays good", async () => {
    const user = await createTestUser(PASSWORD);
    for (const email of [null, user.email]) {
      const { team, code } = await invited(email);
      const error = await expectAppError(acceptWithNewAccount(code, account(user.email), CONTEXT), "conflict");
      expect(error.fields.email).toContain("Sign in");
      expect(await findInvitation(code)).not.toBeNull();
      expect(await membersOf(team.id, user.id)).toEqual([]);
    }
  });

  test("a weak password, or no address where one is needed, makes nothing and leaves the code good", async () => {
    const { code } = await invited();
    const weak = { ...account(), password: "password1" };
    expect((await expectAppError(acceptWithNewAccount(code, weak, CONTEXT), "invalid")).fields.password).toContain(
      "common",
    );
    expect(
      (await expectAppError(acceptWithNewAccount(code, account(null), CONTEXT), "invalid")).fields.email,
    ).toBeDefined();
    expect(await db.user.count({ where: { email: weak.email ?? "" } })).toBe(0);
    expect(await findInvitation(code)).not.toBeNull();
    expect(newAccountSchema.safeParse({ ...account(), name: "" }).success).toBe(false);
    expect(newAccountSchema.safeParse({ ...account(), roleId: randomUUID() }).success).toBe(false);
  });

  test("by two people at once, exactly one joins, and the other has no account", async () => {
    for (let round = 0; round < 3; round++) {
      const { team, code } = await invited();
      const people = [account(), account()];
      const results = await Promise.allSettled(people.map((each) => acceptWithNewAccount(code, each, CONTEXT)));
      expect(outcomes(results)).toEqual(["joined", "not_found"]);
      expect(await db.user.count({ where: { email: { in: people.map(({ email }) => email ?? "") } } })).toBe(1);
      expect(await auditEntries(team.id, "member.joined")).toHaveLength(1);
    }
  });

  test("one address by two codes of two teams at once makes one account", async () => {
    const [one, two] = [await invited(), await invited()];
    const input = account();
    const results = await Promise.allSettled([one, two].map(({ code }) => acceptWithNewAccount(code, input, CONTEXT)));
    expect(outcomes(results)).toEqual(["conflict", "joined"]);
    expect(await db.user.count({ where: { email: input.email ?? "" } })).toBe(1);
  });
});

describe("accepting while signed in", () => {
  test("joins with the role, once, and by two at once exactly one", async () => {
    const { team, code } = await invited(null, "Viewer");
    const users = [await createTestUser(), await createTestUser()];
    const results = await Promise.allSettled(users.map(({ id }) => acceptInvitation(code, id, CONTEXT)));
    expect(outcomes(results)).toEqual(["joined", "not_found"]);
    const members = await db.member.findMany({
      where: { teamId: team.id, userId: { in: users.map(({ id }) => id) } },
      select: { role: { select: { name: true } } },
    });
    expect(members).toEqual([{ role: { name: "Viewer" } }]);
    await expectAppError(acceptInvitation(code, (await createTestUser()).id, CONTEXT), "not_found");
  });

  test("with another address than it was sent to is refused, and leaves the code good", async () => {
    const meant = await createTestUser();
    const { team, code } = await invited(meant.email);
    const other = await createTestUser();
    await expectAppError(acceptInvitation(code, other.id, CONTEXT), "forbidden");
    expect(await membersOf(team.id, other.id)).toEqual([]);
    await acceptInvitation(code, meant.id, CONTEXT);
    expect(await membersOf(team.id, meant.id)).toHaveLength(1);
  });

  test("as a member, or as one who is disabled, changes nothing and leaves the code good", async () => {
    const { team, code } = await invited(null, "Admin");
    const user = await createTestUser();
    const member = await createTestMember(team, { role: "Viewer" }, user);
    await expectAppError(acceptInvitation(code, user.id, CONTEXT), "conflict");
    await db.member.update({ where: { id: member.memberId }, data: { disabledAt: new Date() } });
    await expectAppError(acceptInvitation(code, user.id, CONTEXT), "conflict");
    expect(await membersOf(team.id, user.id)).toMatchObject([{ role: { name: "Viewer" } }]);
    expect((await db.member.findUniqueOrThrow({ where: { id: member.memberId } })).disabledAt).not.toBeNull();
    expect(await findInvitation(code)).not.toBeNull();
  });

  test("as a user whose account is disabled is refused", async () => {
    const { code } = await invited();
    const user = await createTestUser();
    await db.user.update({ where: { id: user.id }, data: { disabledAt: new Date() } });
    await expectAppError(acceptInvitation(code, user.id, CONTEXT), "unauthenticated");
  });

  test("brings a removed member back as the same one with the new role; their keys of then stay dead", async () => {
    const user = await createTestUser();
    const { team, admin, code } = await invited(user.email, "Viewer");
    const member = await createTestMember(team, { role: "Developer" }, user);
    const [revoked, kept] = [await createTestKey(member), await createTestKey(member)];
    await removeMember(admin, {
      id: member.memberId,
      listed: [revoked.id, kept.id],
      keys: [{ id: kept.id, fate: "same_token" }],
      acceptsKnownTokens: true,
    });
    await acceptInvitation(code, user.id, CONTEXT);
    expect(await membersOf(team.id, user.id)).toEqual([
      { id: member.memberId, removedAt: null, role: { name: "Viewer" } },
    ]);
    expect((await decideAboutToken(revoked.token)).code).toBe("revoked");
    expect((await decideAboutToken(kept.token)).code).toBe("valid");
    expect(await db.apiKey.count({ where: { memberId: member.memberId, revokedAt: null } })).toBe(0);
    expect(await auditEntries(team.id, "member.joined")).toMatchObject([{ details: { was_member_before: true } }]);
  });
});

describe("a code that can't be used", () => {
  test.each([
    ["expired", { expiresAt: new Date(Date.now() - 1) }],
    ["withdrawn", { withdrawnAt: new Date() }],
    ["accepted", { acceptedAt: new Date() }],
  ])("because it is %s is refused like one that never was", async (_, state) => {
    const { id, code, team } = await invited();
    await db.invitation.update({ where: { id }, data: state });
    const user = await createTestUser();
    const wrong = "x".repeat(43);
    const refusals = [
      await expectAppError(acceptInvitation(code, user.id, CONTEXT), "not_found"),
      await expectAppError(acceptWithNewAccount(code, account(), CONTEXT), "not_found"),
      await expectAppError(acceptInvitation(wrong, user.id, CONTEXT), "not_found"),
      await expectAppError(acceptWithNewAccount(wrong, account(), CONTEXT), "not_found"),
    ];
    expect(new Set(refusals.map(({ message }) => message)).size).toBe(1);
    expect(await findInvitation(code)).toBeNull();
    expect(await membersOf(team.id, user.id)).toEqual([]);
  });

  test("withdrawn while somebody accepts it ends in one of the two, never both", async () => {
    for (let round = 0; round < 4; round++) {
      const { team, admin, id, code } = await invited();
      const user = await createTestUser();
      await Promise.allSettled([withdrawInvitation(admin, { id }), acceptInvitation(code, user.id, CONTEXT)]);
      const { acceptedAt, withdrawnAt } = await db.invitation.findUniqueOrThrow({ where: { id } });
      expect([acceptedAt, withdrawnAt].filter(Boolean)).toHaveLength(1);
      expect(await membersOf(team.id, user.id)).toHaveLength(acceptedAt ? 1 : 0);
    }
  });

  test("because whoever made it was demoted meanwhile lets nobody in", async () => {
    const { team, admin, code } = await invited(null, "Admin");
    const { id } = await db.role.findUniqueOrThrow({ where: { teamId_name: { teamId: team.id, name: "Viewer" } } });
    await db.member.update({ where: { id: admin.memberId }, data: { roleId: id } });
    await expectAppError(acceptInvitation(code, (await createTestUser()).id, CONTEXT), "not_found");
  });
});
