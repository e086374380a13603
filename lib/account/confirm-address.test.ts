import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { db } from "@/lib/database/db";
import { tablesContaining } from "@/lib/testing/database-search";
import { auditEntries, createTestMember, createTestTeam, createTestUser, NOWHERE } from "@/lib/testing/fixtures";
import { startMailbox } from "@/lib/testing/mailbox";
import { startTestSession } from "@/lib/testing/sessions";

const mailbox = await startMailbox();
let address: typeof import("@/lib/account/confirm-address");

beforeAll(async () => {
  mailbox.useForThisProcess();
  vi.resetModules();
  address = await import("@/lib/account/confirm-address");
});
afterAll(() => mailbox.close());

async function unconfirmed() {
  const user = await createTestUser();
  await db.user.update({ where: { id: user.id }, data: { confirmedEmail: null } });
  const team = await createTestTeam();
  await createTestMember(team, {}, user);
  const session = await startTestSession(user);
  const isConfirmed = async () => (await address.readAddressState(session)).isConfirmed;
  const mail = async () => {
    await address.mailConfirmation(session);
    return /confirm-address\?code=([\w-]{43})/.exec(mailbox.lastTo(user.email))?.[1] ?? "";
  };
  return { user, team, session, isConfirmed, mail };
}

test("a mailed link confirms the address, once, and of its code only the hash is kept", async () => {
  const { user, team, session, isConfirmed, mail } = await unconfirmed();
  expect(await isConfirmed()).toBe(false);
  const code = await mail();
  expect(await tablesContaining(code)).toEqual([]);
  await address.confirmByMail(session, NOWHERE, { code });
  expect(await isConfirmed()).toBe(true);
  await expect(address.confirmByMail(session, NOWHERE, { code })).rejects.toMatchObject({ code: "not_found" });
  expect(await auditEntries(team.id, "user.address_confirmed")).toMatchObject([
    { actorId: user.id, details: { email: user.email } },
  ]);
});

test("only the latest link counts, for a day, in the session of who asked, and for the address it went to", async () => {
  const { user, session, isConfirmed, mail } = await unconfirmed();
  const other = await unconfirmed();
  const [first, second] = [await mail(), await mail()];
  const refused = async (code: string, who = session) =>
    expect(address.confirmByMail(who, NOWHERE, { code })).rejects.toMatchObject({ code: "not_found" });
  await refused(first);
  await refused(second, other.session);
  await refused("");
  await db.emailConfirmation.update({ where: { userId: user.id }, data: { expiresAt: new Date() } });
  await refused(second);
  const third = await mail();
  await db.user.update({ where: { id: user.id }, data: { email: `new-${user.email}` } });
  await refused(third);
  expect(await isConfirmed()).toBe(false);
  expect(await other.isConfirmed()).toBe(false);
});

test("three mails an hour are the most", async () => {
  const { mail } = await unconfirmed();
  for (let sent = 0; sent < 3; sent++) await mail();
  await expect(mail()).rejects.toMatchObject({ code: "too_many_requests" });
});
