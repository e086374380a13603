import { describe, expect, test } from "vitest";
import { db } from "@/lib/database/db";
import { readSession } from "@/lib/sessions/read-session";
import { createTestMember, createTestTeam, createTestUser, setRolePermissions } from "@/lib/testing/fixtures";
import { startTestSession } from "@/lib/testing/sessions";

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const ago = (milliseconds: number) => new Date(Date.now() - milliseconds);

async function signedIn() {
  const user = await createTestUser();
  const { id, secret } = await startTestSession(user);
  return { user, sessionId: id, secret };
}

const change = (id: string, data: Record<string, Date>) => db.session.update({ where: { id }, data });

describe("a live session", () => {
  test("tells its user, their teams and what their role grants there", async () => {
    const { user, sessionId, secret } = await signedIn();
    const [one, two] = [await createTestTeam(), await createTestTeam()];
    const first = await createTestMember(one, { permissions: ["events.read"] }, user);
    const second = await createTestMember(two, { role: "Admin" }, user);
    const session = await readSession(secret);
    expect(session).toMatchObject({ id: sessionId, user: { id: user.id, email: user.email, name: user.name } });
    expect(session?.user.members).toMatchObject([
      {
        id: first.memberId,
        team: { id: one.id, slug: one.slug },
        role: { grantsAll: false, permissions: ["events.read"] },
      },
      { id: second.memberId, team: { id: two.id, slug: two.slug }, role: { name: "Admin", grantsAll: true } },
    ]);
    expect(JSON.stringify(session)).not.toContain("assword");
  });

  test("may be of a user without any team", async () => {
    const { secret } = await signedIn();
    expect((await readSession(secret))?.user.members).toEqual([]);
  });

  test("loses a team at once when the member is removed, and sees a changed role at once", async () => {
    const { user, secret } = await signedIn();
    const member = await createTestMember(await createTestTeam(), { permissions: ["events.read"] }, user);
    await readSession(secret);
    await setRolePermissions(member, []);
    expect((await readSession(secret))?.user.members[0]?.role.permissions).toEqual([]);
    await db.member.update({ where: { id: member.memberId }, data: { removedAt: new Date() } });
    expect((await readSession(secret))?.user.members).toEqual([]);
  });

  test("is kept alive by a request, no more than once a minute", async () => {
    const { sessionId, secret } = await signedIn();
    const seen = async () => (await db.session.findUniqueOrThrow({ where: { id: sessionId } })).lastSeenAt.getTime();
    const recent = ago(MINUTE_MS / 2);
    await change(sessionId, { lastSeenAt: recent });
    await readSession(secret);
    const old = ago(2 * MINUTE_MS);
    expect(await seen()).toBe(recent.getTime());
    await change(sessionId, { lastSeenAt: old });
    await readSession(secret);
    await expect.poll(seen).toBeGreaterThan(old.getTime() + MINUTE_MS);
  });
});

describe("a session is over", () => {
  test.each([
    ["when it was ended", () => ({ endedAt: new Date() })],
    ["after twelve hours without a request", () => ({ lastSeenAt: ago(12 * HOUR_MS) })],
    ["seven days after signing in, however busy", () => ({ createdAt: ago(7 * 24 * HOUR_MS), lastSeenAt: new Date() })],
    ["at its own expiry", () => ({ expiresAt: new Date() })],
  ])("%s", async (_, dates) => {
    const { sessionId, secret } = await signedIn();
    expect(await readSession(secret)).not.toBeNull();
    await change(sessionId, dates());
    expect(await readSession(secret)).toBeNull();
  });

  test("and not a minute before twelve hours of silence or seven days", async () => {
    const { sessionId, secret } = await signedIn();
    await change(sessionId, {
      createdAt: ago(7 * 24 * HOUR_MS - MINUTE_MS),
      lastSeenAt: ago(12 * HOUR_MS - MINUTE_MS),
    });
    expect(await readSession(secret)).not.toBeNull();
  });

  test("when its user was disabled, and lives again when that is undone in time", async () => {
    const { user, secret } = await signedIn();
    const setDisabled = (disabledAt: Date | null) => db.user.update({ where: { id: user.id }, data: { disabledAt } });
    await setDisabled(new Date());
    expect(await readSession(secret)).toBeNull();
    await setDisabled(null);
    expect(await readSession(secret)).not.toBeNull();
  });

  test("when it never was", async () => {
    expect(await readSession(crypto.randomUUID())).toBeNull();
  });

  test("and an idle one isn't woken by the request that finds it so", async () => {
    const { sessionId, secret } = await signedIn();
    await change(sessionId, { lastSeenAt: ago(13 * HOUR_MS) });
    await readSession(secret);
    await readSession(secret);
    expect(await readSession(secret)).toBeNull();
  });
});
