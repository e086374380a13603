import { SMTPServer } from "smtp-server";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createScratchDatabase } from "@/lib/testing/scratch-database";

// The jobs cover all teams, so they must not see other tests' rows.
const { DATABASE_URL, TEST_OWNER_DATABASE_URL } = process.env;
const scratch = await createScratchDatabase();
Object.assign(process.env, { DATABASE_URL: scratch.url, TEST_OWNER_DATABASE_URL: scratch.ownerUrl });
const { db } = await import("@/lib/database/db");
const { createTestKey, createTestMember, createTestTeam, createTestUser, DAY_MS, inDays } = await import(
  "@/lib/testing/fixtures"
);

type Mail = { to: string; text: string };

let received: Mail[] = [];
let isRefusing = false;

/** A real SMTP server, so that the test checks what arrives. */
const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ["STARTTLS"],
  onRcptTo: (_address, _session, done) => done(isRefusing ? new Error("the mailbox is full") : undefined),
  onData(stream, session, done) {
    let text = "";
    stream.on("data", (chunk) => {
      text += chunk;
    });
    stream.on("end", () => {
      received.push({ to: session.envelope.rcptTo[0]?.address ?? "", text: text.replace(/=\r\n/g, "") });
      done();
    });
  },
});

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.server.address() as { port: number };
  process.env.SMTP_URL = `smtp://127.0.0.1:${port}`;
  process.env.MAIL_FROM = "keys@example.com";
});
afterAll(async () => {
  await new Promise<void>((resolve) => server.close(() => resolve()));
  Object.assign(process.env, { DATABASE_URL, TEST_OWNER_DATABASE_URL });
  await scratch.drop();
});
beforeEach(() => {
  received = [];
  isRefusing = false;
});

// Imported later, because the mail server's address is read once.
const send = async () => (await import("@/lib/testing/notices")).runNoticeJobs();

const mailsTo = (email: string) => received.filter(({ to }) => to === email);

async function memberWithKey(days: number, overrides: Parameters<typeof createTestKey>[1] = {}) {
  const user = await createTestUser();
  const team = await createTestTeam();
  const owner = await createTestMember(team, {}, user);
  const key = await createTestKey(owner, {
    name: "Zapier production",
    createdAt: inDays(-60),
    expiresAt: new Date(Date.now() + days * DAY_MS - 60_000),
    ...overrides,
  });
  return { ...user, team, owner, key };
}

describe("an expiry that comes near", () => {
  test("is told to the key's member once for each distance, however many consoles look", async () => {
    const { email, key } = await memberWithKey(14);
    await Promise.all([send(), send(), send()]);
    await send();
    expect(mailsTo(email)).toHaveLength(1);
    expect(mailsTo(email)[0]?.text).toContain("Zapier production");
    expect(mailsTo(email)[0]?.text).toContain(`/settings/api-keys/${key.id}`);
    await db.apiKey.update({ where: { id: key.id }, data: { expiresAt: inDays(2.9) } });
    await send();
    await send();
    expect(mailsTo(email)).toHaveLength(2);
  });

  test("of several keys of one person in one team takes one mail", async () => {
    const { email, owner } = await memberWithKey(2);
    await createTestKey(owner, { name: "Second", createdAt: inDays(-60), expiresAt: inDays(12) });
    await send();
    expect(mailsTo(email)).toHaveLength(1);
    expect(mailsTo(email)[0]?.text).toMatch(/Zapier production[\s\S]*Second/);
  });

  test("of a team's key is told to the responsible member, and to an Admin when there is none", async () => {
    const { email, owner, team } = await memberWithKey(90);
    const admin = await createTestUser();
    await createTestMember(team, { role: "Admin" }, admin);
    const teamKey = { kind: "team", name: "Gateway", createdAt: inDays(-60), expiresAt: inDays(2) } as const;
    const { id } = await createTestKey(owner, teamKey);
    await db.apiKey.update({ where: { id }, data: { responsibleMemberId: owner.memberId } });
    await send();
    expect([mailsTo(email).length, mailsTo(admin.email).length]).toEqual([1, 0]);
    await createTestKey(owner, { ...teamKey, name: "Second gateway" });
    const admins = await db.user.findMany({
      where: { members: { some: { teamId: team.id, role: { grantsAll: true } } } },
    });
    await send();
    expect(admins.flatMap((each) => mailsTo(each.email))).toHaveLength(1);
  });

  test.each([
    ["of a revoked key", { revokedAt: new Date() }],
    ["of a key that was made for a short time", { createdAt: inDays(-1) }],
    ["of an expired key", { expiresAt: inDays(-1) }],
    ["that is still far", { expiresAt: inDays(31) }],
  ])("%s is told to nobody", async (_, overrides) => {
    const { email } = await memberWithKey(1, overrides);
    await send();
    expect(mailsTo(email)).toEqual([]);
  });

  test("of a key that is being replaced, or whose member is disabled, is told to nobody", async () => {
    const replaced = await memberWithKey(1);
    const successor = await createTestKey(replaced.owner);
    await db.apiKey.update({ where: { id: successor.id }, data: { rotatedFromId: replaced.key.id } });
    const disabled = await memberWithKey(1);
    await db.member.update({ where: { id: disabled.owner.memberId }, data: { disabledAt: new Date() } });
    await send();
    expect([...mailsTo(replaced.email), ...mailsTo(disabled.email)]).toEqual([]);
  });

  test("is told in no mail to an unconfirmed address, and to nobody who has read it in the console", async () => {
    const unconfirmed = await memberWithKey(1);
    await db.user.update({ where: { id: unconfirmed.id }, data: { confirmedEmail: null } });
    const { email, owner, key } = await memberWithKey(1);
    const readAt = new Date();
    const data = {
      days: 1,
      expires_at: (await db.apiKey.findUniqueOrThrow({ where: { id: key.id } })).expiresAt?.getTime() ?? 0,
    };
    await db.notice.create({
      data: { memberId: owner.memberId, kind: "key_expiring", subject: key.id, keyId: key.id, data, readAt },
    });
    await send();
    expect([...mailsTo(unconfirmed.email), ...mailsTo(email)]).toEqual([]);
  });

  test("is told the next time when the mail couldn't be sent", async () => {
    const { email } = await memberWithKey(1);
    isRefusing = true;
    await send();
    expect(mailsTo(email)).toEqual([]);
    isRefusing = false;
    await send();
    expect(mailsTo(email)).toHaveLength(1);
  });
});

test("a mail says what happened, what to do and where, and where all notices are", async () => {
  const { email, key, team, owner } = await memberWithKey(90, { revokedAt: new Date() });
  await db.notice.create({
    data: { memberId: owner.memberId, kind: "key_revoked", subject: key.id, keyId: key.id, data: { by: "Ada" } },
  });
  await send();
  const [mail] = mailsTo(email);
  expect(mail?.text).toContain("Ada revoked");
  expect(mail?.text).toContain(`View key: http://localhost:3000/${team.slug}/settings/api-keys/${key.id}`);
  expect(mail?.text).toContain(`All notices: http://localhost:3000/${team.slug}/notices`);
});

test("no mail contains a token or more of it than its ends", async () => {
  const { email, key } = await memberWithKey(1, { name: null });
  await send();
  expect(mailsTo(email)[0]?.text).not.toContain(key.token.slice(11, 40));
});
