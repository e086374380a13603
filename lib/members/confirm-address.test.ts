import { afterEach, expect, test, vi } from "vitest";
import { listAuditMembers } from "@/lib/audit/queries";
import { db } from "@/lib/database/db";
import { confirmAddress } from "@/lib/members/confirm-address";
import { disableMember } from "@/lib/members/disable-member";
import { listMembers, memberListSchema } from "@/lib/members/queries";
import { expectAppError } from "@/lib/testing/expect-app-error";
import { auditEntries, createTestMember, createTestTeam, createTestUser } from "@/lib/testing/fixtures";

afterEach(() => vi.unstubAllEnvs());

async function unconfirmedMember() {
  const team = await createTestTeam();
  const admin = await createTestMember(team, { role: "Admin" });
  const user = await createTestUser();
  await db.user.update({ where: { id: user.id }, data: { confirmedEmail: null } });
  const member = await createTestMember(team, {}, user);
  const isConfirmed = async () =>
    (await listMembers(admin, memberListSchema.parse({ q: user.email }))).members[0]?.isEmailConfirmed;
  return { team, admin, member, user, isConfirmed, input: { id: member.memberId, email: user.email } };
}

test("an admin confirms a member's address, with an entry, once", async () => {
  const { team, admin, user, isConfirmed, input } = await unconfirmedMember();
  expect(await isConfirmed()).toBe(false);
  await confirmAddress(admin, input);
  await confirmAddress(admin, input);
  expect(await isConfirmed()).toBe(true);
  expect(await auditEntries(team.id, "member.address_confirmed")).toMatchObject([
    {
      actorId: admin.userId,
      targetId: input.id,
      targetLabel: `${user.name} (${user.email})`,
      details: { email: user.email },
    },
  ]);
});

test("the audit log marks an unconfirmed address, in its entries and where its members are chosen", async () => {
  const { team, admin, user, input } = await unconfirmedMember();
  await disableMember(admin, { id: input.id });
  const marked = `${user.name} (${user.email}, unconfirmed)`;
  expect(await auditEntries(team.id, "member.disabled")).toMatchObject([{ targetLabel: marked }]);
  const nameOf = async () => (await listAuditMembers(admin)).find(({ id }) => id === user.id)?.name;
  expect(await nameOf()).toBe(marked);
  await confirmAddress(admin, input);
  expect(await nameOf()).toBe(`${user.name} (${user.email})`);
});

test("nobody confirms their own address, one that they didn't see, or another team's", async () => {
  const { team, isConfirmed, member, user, input } = await unconfirmedMember();
  const admin = await createTestMember(team, { role: "Admin" });
  await db.member.update({
    where: { id: member.memberId },
    data: { roleId: (await db.member.findUniqueOrThrow({ where: { id: admin.memberId } })).roleId },
  });
  await expectAppError(confirmAddress({ ...member, permissions: admin.permissions }, input), "conflict");
  await expectAppError(confirmAddress(admin, { ...input, email: `x${user.email}` }), "conflict");
  const stranger = await createTestMember(await createTestTeam(), { role: "Admin" });
  await expectAppError(confirmAddress(stranger, input), "not_found");
  const developer = await createTestMember(team);
  await expectAppError(confirmAddress(developer, input), "forbidden");
  expect(await isConfirmed()).toBe(false);
});

test("where there is mail, the member confirms it", async () => {
  vi.stubEnv("SMTP_URL", "smtp://127.0.0.1:1");
  vi.stubEnv("MAIL_FROM", "keys@example.com");
  vi.resetModules();
  const { admin, input } = await unconfirmedMember();
  const { confirmAddress: confirm } = await import("@/lib/members/confirm-address");
  await expect(confirm(admin, input)).rejects.toMatchObject({ code: "conflict" });
});
