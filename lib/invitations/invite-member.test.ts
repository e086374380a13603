import { randomUUID } from "node:crypto";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { Actor } from "@/lib/auth/actor";
import { db } from "@/lib/database/db";
import { acceptInvitation, acceptWithNewAccount } from "@/lib/invitations/accept-invitation";
import { renewInvitation } from "@/lib/invitations/change-invitation";
import { codeHashOf } from "@/lib/invitations/code";
import { inviteMember } from "@/lib/invitations/invite-member";
import { MAX_OPEN_INVITATIONS } from "@/lib/invitations/limits";
import { findInvitation, listInvitations } from "@/lib/invitations/queries";
import { inviteSchema } from "@/lib/invitations/schemas";
import { tablesContaining } from "@/lib/testing/database-search";
import { expectAppError } from "@/lib/testing/expect-app-error";
import {
  auditEntries,
  createTestMember,
  createTestTeam,
  createTestUser,
  DAY_MS,
  NOWHERE,
  setRolePermissions,
} from "@/lib/testing/fixtures";
import { codeIn, createOpenInvitations, roleOf, someEmail, teamWithAdmin } from "@/lib/testing/invitations";
import { startMailbox } from "@/lib/testing/mailbox";

describe("inviting", () => {
  test("makes a link for a week, of whose code only the hash is kept, and leaves one audit entry", async () => {
    const { team, admin, roleId } = await teamWithAdmin();
    const email = someEmail();
    const before = Date.now();
    const { id, url, mail } = await inviteMember(admin, { email, roleId });
    expect(mail).toBe("no_server");
    const code = codeIn(url);
    expect(Buffer.from(code, "base64url")).toHaveLength(32);
    expect(await tablesContaining(code)).toEqual([]);
    expect(await tablesContaining(codeHashOf(code)?.toString("hex") ?? "")).toEqual(["invitations"]);
    const { expiresAt } = await db.invitation.findUniqueOrThrow({ where: { id } });
    expect(Math.round((expiresAt.getTime() - before) / DAY_MS)).toBe(7);
    expect(await findInvitation(code)).toMatchObject({
      email,
      roleName: "Developer",
      invitedBy: admin.name,
      hasAccount: false,
    });
    expect(await auditEntries(team.id, "member.invited")).toMatchObject([
      {
        actorId: admin.userId,
        targetType: "invitation",
        targetId: id,
        targetLabel: email,
        details: { role: "Developer" },
      },
    ]);
  });

  test("needs no address: anyone with the link may use it", async () => {
    const { admin, roleId } = await teamWithAdmin();
    const { url, mail } = await inviteMember(admin, inviteSchema.parse({ email: "", roleId }));
    expect(mail).toBe("no_address");
    expect(await findInvitation(codeIn(url))).toMatchObject({ email: null });
  });

  test("takes an address as it is stored everywhere: trimmed, in lower case", () => {
    const roleId = randomUUID();
    expect(inviteSchema.parse({ email: " Ada@Example.COM ", roleId }).email).toBe("ada@example.com");
    for (const email of ["ada", "ada@example.com, eve@example.com", { not: "" }, "a".repeat(300)]) {
      expect(inviteSchema.safeParse({ email, roleId }).success).toBe(false);
    }
    expect(inviteSchema.safeParse({ email: null, roleId, teamId: roleId }).success).toBe(false);
  });

  test("an address that is a member, a disabled one, or invited already is a conflict at its field", async () => {
    const { team, admin, roleId } = await teamWithAdmin();
    const user = await db.user.create({ data: { email: someEmail(), name: "Ada" } });
    const member = await createTestMember(team, {}, user);
    const refused = async (email: string) =>
      (await expectAppError(inviteMember(admin, { email, roleId }), "conflict")).fields.email;
    expect(await refused(user.email)).toContain("already a member");
    await db.member.update({ where: { id: member.memberId }, data: { disabledAt: new Date() } });
    expect(await refused(user.email)).toContain("disabled");
    const email = someEmail();
    await inviteMember(admin, { email, roleId });
    expect(await refused(email)).toContain("open invitation");
    await db.member.update({ where: { id: member.memberId }, data: { removedAt: new Date() } });
    await inviteMember(admin, { email: user.email, roleId });
  });

  test("one address twice at once makes one invitation", async () => {
    const { team, admin, roleId } = await teamWithAdmin();
    const email = someEmail();
    const results = await Promise.allSettled([1, 2].map(() => inviteMember(admin, { email, roleId })));
    expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(await db.invitation.count({ where: { teamId: team.id } })).toBe(1);
  });

  test("gives no role beyond one's own, and none of another team", async () => {
    const { team, roleId } = await teamWithAdmin();
    const manager = await createTestMember(team, { permissions: ["team.manage_members", "events.read"] });
    for (const name of ["Admin", "Developer"]) {
      const error = await expectAppError(
        inviteMember(manager, { email: null, roleId: await roleOf(team, name) }),
        "forbidden",
      );
      expect(error.fields.roleId).toContain(name);
    }
    const other = await createTestTeam();
    await expectAppError(inviteMember(manager, { email: null, roleId: await roleOf(other) }), "not_found");
    await expectAppError(inviteMember(await createTestMember(team), { email: null, roleId }), "forbidden");
    await setRolePermissions(manager, ["events.read"]);
    await expectAppError(inviteMember(manager, { email: null, roleId }), "forbidden");
    expect(await db.invitation.count({ where: { teamId: team.id } })).toBe(0);
  });

  test("has an end: no more than so many are open at a time", async () => {
    const { team, admin, roleId } = await teamWithAdmin();
    await createOpenInvitations(team, admin, roleId);
    await expectAppError(inviteMember(admin, { email: null, roleId }), "limit_reached");
    expect(await listInvitations(admin)).toHaveLength(MAX_OPEN_INVITATIONS);
  });
});

describe("an invitation stops to count", () => {
  const withoutManaging = (actor: Actor) => [...actor.permissions].filter((each) => each !== "team.manage_members");

  test.each<[string, (inviter: Actor) => Promise<unknown>]>([
    ["may no longer give its role", (inviter) => setRolePermissions(inviter, ["team.manage_members"])],
    ["no longer manages members", (inviter) => setRolePermissions(inviter, withoutManaging(inviter))],
    ["is disabled", ({ memberId }) => db.member.update({ where: { id: memberId }, data: { disabledAt: new Date() } })],
    ["was removed", ({ memberId }) => db.member.update({ where: { id: memberId }, data: { removedAt: new Date() } })],
    [
      "has a disabled account",
      ({ userId }) => db.user.update({ where: { id: userId }, data: { disabledAt: new Date() } }),
    ],
  ])("once whoever invited %s, and counts again when somebody else renews it", async (_, change) => {
    const { team, admin, roleId } = await teamWithAdmin();
    const inviter = await createTestMember(team, {
      permissions: [...(await createTestMember(team)).permissions, "team.manage_members"],
    });
    const { id, url } = await inviteMember(inviter, { email: null, roleId });
    expect(await findInvitation(codeIn(url))).not.toBeNull();
    await change(inviter);
    expect(await findInvitation(codeIn(url))).toBeNull();
    await expectAppError(acceptInvitation(codeIn(url), (await createTestUser()).id, NOWHERE), "not_found");
    expect(await listInvitations(admin)).toMatchObject([{ id, isUsable: false }]);
    const renewed = await renewInvitation(admin, { id });
    expect(await findInvitation(codeIn(renewed.url))).not.toBeNull();
  });

  test.each(["", "x", "x".repeat(43), "x".repeat(1_000_000), "\0", ["x"], { not: "" }, null, undefined])(
    "and nothing else stands for one: %j",
    async (wrong) => {
      expect(await findInvitation(wrong)).toBeNull();
    },
  );
});

describe("with a mail server", () => {
  afterEach(() => vi.unstubAllEnvs());

  /** The same operations in a process configured with this mail server. */
  async function sendingBy(smtpUrl: string) {
    vi.stubEnv("SMTP_URL", smtpUrl);
    vi.stubEnv("MAIL_FROM", "keys@example.com");
    vi.resetModules();
    return {
      ...(await import("@/lib/invitations/invite-member")),
      ...(await import("@/lib/invitations/change-invitation")),
    };
  }

  test("the link is mailed to the address, again when it is renewed, and never for a copied link", async () => {
    const mailbox = await startMailbox();
    const { received } = mailbox;
    const mailing = await sendingBy(mailbox.url);
    const { admin, roleId } = await teamWithAdmin();
    const email = someEmail();
    const first = await mailing.inviteMember(admin, { email, roleId });
    expect(first.mail).toBe("sent");
    expect((await mailing.renewInvitation(admin, { id: first.id })).mail).toBe("sent");
    expect((await mailing.inviteMember(admin, { email: null, roleId })).mail).toBe("no_address");
    expect(received.map(({ to }) => to)).toEqual([email, email]);
    expect(received[0]?.text).toContain(first.url);
    expect(received[0]?.text).toContain(`${admin.name} invited you`);
    await mailbox.close();
  });

  test("joining by the mailed link confirms the address; the link that whoever invites sees doesn't", async () => {
    const mailbox = await startMailbox();
    const mailing = await sendingBy(mailbox.url);
    const { admin, roleId, team } = await teamWithAdmin();
    const account = { name: "Ada", email: null, password: "plenty of words to type" };
    const labels = async () => (await auditEntries(team.id, "member.joined")).map(({ targetLabel }) => targetLabel);
    const confirmedOf = async (email: string) => (await db.user.findUniqueOrThrow({ where: { email } })).confirmedEmail;

    const [read, shown, guessed] = [someEmail(), someEmail(), someEmail()];
    await mailing.inviteMember(admin, { email: read, roleId });
    const mailedCode = /code=([\w.-]{87})/.exec(mailbox.lastTo(read))?.[1];
    await acceptWithNewAccount(mailedCode, account, NOWHERE);
    expect(await confirmedOf(read)).toBe(read);

    const { url } = await mailing.inviteMember(admin, { email: shown, roleId });
    await acceptWithNewAccount(codeIn(url), account, NOWHERE);
    expect(await confirmedOf(shown)).toBeNull();

    const other = await mailing.inviteMember(admin, { email: guessed, roleId });
    await acceptWithNewAccount(`${codeIn(other.url)}.${"x".repeat(43)}`, account, NOWHERE);
    expect(await confirmedOf(guessed)).toBeNull();
    expect(await labels()).toEqual([`Ada (${read})`, `Ada (${shown}, unconfirmed)`, `Ada (${guessed}, unconfirmed)`]);
    await mailbox.close();
  });

  test("a renewed invitation's mailed link confirms too, also of who has an account", async () => {
    const mailbox = await startMailbox();
    const mailing = await sendingBy(mailbox.url);
    const { admin, roleId } = await teamWithAdmin();
    const user = await createTestUser();
    await db.user.update({ where: { id: user.id }, data: { confirmedEmail: null } });
    const { id } = await mailing.inviteMember(admin, { email: user.email, roleId });
    const before = /code=([\w.-]{87})/.exec(mailbox.lastTo(user.email))?.[1] ?? "";
    await mailing.renewInvitation(admin, { id });
    const after = /code=([\w.-]{87})/.exec(mailbox.lastTo(user.email))?.[1] ?? "";
    await expectAppError(acceptInvitation(before, user.id, NOWHERE), "not_found");
    await acceptInvitation(after, user.id, NOWHERE);
    expect((await db.user.findUniqueOrThrow({ where: { id: user.id } })).confirmedEmail).toBe(user.email);
    await mailbox.close();
  });

  test("that is away the invitation is made all the same, and the answer says that no mail went out", async () => {
    const { inviteMember: invite } = await sendingBy("smtp://127.0.0.1:1");
    const { admin, roleId } = await teamWithAdmin();
    const { url, mail } = await invite(admin, { email: someEmail(), roleId });
    expect(mail).toBe("failed");
    expect(await findInvitation(codeIn(url))).not.toBeNull();
  });
});
