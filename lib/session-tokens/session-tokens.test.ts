import { describe, expect, test } from "vitest";
import { hashToken } from "@/lib/api-keys/token";
import { db } from "@/lib/database/db";
import { issueSessionToken } from "@/lib/session-tokens/issue-session-token";
import { sessionOfToken } from "@/lib/session-tokens/session-of-token";
import { signOut, signOutEverywhere } from "@/lib/sessions/end-sessions";
import { type LiveSession, readSession } from "@/lib/sessions/read-session";
import { tablesContaining } from "@/lib/testing/database-search";
import { auditEntries, createTestMember, createTestTeam, createTestUser, NOWHERE } from "@/lib/testing/fixtures";
import { ownerDb } from "@/lib/testing/owner-database";
import { startTestSession } from "@/lib/testing/sessions";

const HOUR_MS = 3_600_000;
const ago = (milliseconds: number) => new Date(Date.now() - milliseconds);
const hence = (milliseconds: number) => new Date(Date.now() + milliseconds);

async function signedIn() {
  const user = await createTestUser();
  const team = await createTestTeam();
  const member = await createTestMember(team, { role: "Developer" }, user);
  const { secret, ...session } = await startTestSession(user);
  return { user, team, member, session, secret };
}

describe("a session token", () => {
  test("stands for the session and its person, for an hour", async () => {
    const { session } = await signedIn();
    const { token, expiresAt } = await issueSessionToken(session, NOWHERE);
    expect(token).toMatch(/^lk_ses_[0-9a-f]{72}$/);
    expect(Math.abs(expiresAt.getTime() - Date.now() - HOUR_MS)).toBeLessThan(60_000);
    expect(await sessionOfToken(token)).toEqual({ ...session, now: expect.any(Date) });
  });

  test("is kept as its SHA-256 alone", async () => {
    const { session } = await signedIn();
    const { token } = await issueSessionToken(session, NOWHERE);
    const kept = await db.sessionToken.findMany({ where: { sessionId: session.id } });
    expect(kept.map(({ tokenHash }) => Buffer.from(tokenHash))).toEqual([hashToken(token)]);
    expect(await tablesContaining(token.slice(7))).toEqual([]);
    expect(await tablesContaining(hashToken(token).toString("hex"))).toEqual(["session_tokens"]);
  });

  test("never lives longer than its session", async () => {
    const { session } = await signedIn();
    const end = hence(HOUR_MS / 4);
    await db.session.update({ where: { id: session.id }, data: { expiresAt: end } });
    expect((await issueSessionToken(session, NOWHERE)).expiresAt).toEqual(end);
  });

  test("is written to the audit log of each of the person's teams", async () => {
    const { user, secret, team } = await signedIn();
    const other = await createTestTeam();
    await createTestMember(other, { role: "Viewer" }, user);
    const session = (await readSession(secret)) as LiveSession;
    await issueSessionToken(session, { ip: "192.0.2.7", userAgent: "script" });
    for (const { id } of [team, other]) {
      expect(await auditEntries(id, "session_token.created")).toMatchObject([
        { actorId: user.id, targetType: "session", targetId: session.id, ip: "192.0.2.7", userAgent: "script" },
      ]);
    }
  });

  test("is not made for a session that has ended meanwhile", async () => {
    const { session } = await signedIn();
    await signOut(session, NOWHERE);
    await expect(issueSessionToken(session, NOWHERE)).rejects.toMatchObject({ code: "unauthenticated" });
  });
});

describe("a session token stops working", () => {
  async function issued() {
    const all = await signedIn();
    const { token } = await issueSessionToken(all.session, NOWHERE);
    expect(await sessionOfToken(token)).not.toBeNull();
    return { ...all, token };
  }

  test("when its person signs out", async () => {
    const { session, token } = await issued();
    await signOut(session, NOWHERE);
    expect(await sessionOfToken(token)).toBeNull();
  });

  test("when they sign out everywhere from another browser", async () => {
    const { user, token } = await issued();
    await signOutEverywhere(await startTestSession(user), NOWHERE);
    expect(await sessionOfToken(token)).toBeNull();
  });

  test("when its hour is over, although the session goes on", async () => {
    const { session, secret, token } = await issued();
    await ownerDb.sessionToken.updateMany({ where: { sessionId: session.id }, data: { expiresAt: ago(1) } });
    expect(await sessionOfToken(token)).toBeNull();
    expect(await readSession(secret)).not.toBeNull();
  });

  test.each([
    ["has come to its end", { expiresAt: ago(1) }],
    ["was idle for too long", { lastSeenAt: ago(13 * HOUR_MS) }],
    ["began a week ago", { createdAt: ago(8 * 24 * HOUR_MS) }],
  ])("when its session %s", async (_, data) => {
    const { session, token } = await issued();
    await db.session.update({ where: { id: session.id }, data });
    expect(await sessionOfToken(token)).toBeNull();
  });

  test("when its person is disabled", async () => {
    const { user, token } = await issued();
    await db.user.update({ where: { id: user.id }, data: { disabledAt: new Date() } });
    expect(await sessionOfToken(token)).toBeNull();
  });

  test("in a team when the member is removed from it", async () => {
    const { member, token } = await issued();
    await db.member.update({ where: { id: member.memberId }, data: { removedAt: new Date() } });
    expect((await sessionOfToken(token))?.user.members).toEqual([]);
  });
});

test("a call with a session token is a use of its session, noted no more than once a minute", async () => {
  const { session } = await signedIn();
  const { token } = await issueSessionToken(session, NOWHERE);
  const seen = async () => (await db.session.findUniqueOrThrow({ where: { id: session.id } })).lastSeenAt.getTime();
  const recent = ago(30_000);
  await db.session.update({ where: { id: session.id }, data: { lastSeenAt: recent } });
  await sessionOfToken(token);
  // A renewal would have been sent before this change, over the same pool.
  await db.session.update({ where: { id: session.id }, data: { ip: "192.0.2.9" } });
  expect(await seen()).toBe(recent.getTime());
  const old = ago(HOUR_MS);
  await db.session.update({ where: { id: session.id }, data: { lastSeenAt: old } });
  await sessionOfToken(token);
  await expect.poll(seen).toBeGreaterThan(old.getTime() + HOUR_MS / 2);
});

test.each(["", "lk_ses_", `lk_ses_${"0".repeat(72)}`, `lk_pat_${"0".repeat(72)}`, "' or 1=1 --"])(
  "%j is nobody's session token",
  async (text) => expect(await sessionOfToken(text)).toBeNull(),
);
