import { describe, expect, test } from "vitest";
import { changePassword } from "@/lib/account/change-password";
import { changePasswordSchema } from "@/lib/account/schemas";
import { signIn } from "@/lib/auth/sign-in";
import { countFailure } from "@/lib/auth/sign-in-throttle";
import { db } from "@/lib/database/db";
import { issueSessionToken } from "@/lib/session-tokens/issue-session-token";
import { sessionOfToken } from "@/lib/session-tokens/session-of-token";
import { createSession } from "@/lib/sessions/create-session";
import { signOut } from "@/lib/sessions/end-sessions";
import { readSession } from "@/lib/sessions/read-session";
import { expectAppError } from "@/lib/testing/expect-app-error";
import {
  auditEntries,
  createTestMember,
  createTestTeam,
  createTestUser,
  NEW_BROWSER,
  NOWHERE,
  type TestUser,
} from "@/lib/testing/fixtures";
import { startTestSession } from "@/lib/testing/sessions";

const OLD = "an old one, known to many";
const NEW = "a new one, known to me";
const CONTEXT = { ip: "198.51.100.7", userAgent: "browser" };

async function signedIn() {
  const user = await createTestUser(OLD);
  const teams = [await createTestTeam(), await createTestTeam()];
  for (const team of teams) await createTestMember(team, {}, user);
  return { user, teams, here: await startTestSession(user) };
}

/** The number of transactions that wait for a user's row. */
async function waitingForUser(): Promise<number> {
  const [row] = await db.$queryRaw<{ count: number }[]>`
    select count(*)::int from pg_stat_activity where wait_event_type = 'Lock' and query like '%from users where id%'`;
  return row?.count ?? 0;
}

const signInWith = async ({ email }: TestUser, password: string) =>
  (await signIn({ email, password }, NOWHERE, NEW_BROWSER)).status;

describe("changing the password", () => {
  test("makes the new one good and the old one bad", async () => {
    const { user, here } = await signedIn();
    await changePassword(here, CONTEXT, { current: OLD, password: NEW });
    expect(await signInWith(user, OLD)).toBe("refused");
    expect(await signInWith(user, NEW)).toBe("signed_in");
  });

  test("ends every other session of the person, and nobody else's, and the tokens of this one", async () => {
    const { user, here } = await signedIn();
    const others = [await startTestSession(user), await startTestSession(user)];
    const stranger = await startTestSession(await createTestUser());
    const { token } = await issueSessionToken(here, CONTEXT);
    const done = await changePassword(here, CONTEXT, { current: OLD, password: NEW });
    expect(done).toEqual({ endedSessions: 2 });
    for (const { secret } of others) expect(await readSession(secret)).toBeNull();
    expect(await readSession(here.secret)).not.toBeNull();
    expect(await readSession(stranger.secret)).not.toBeNull();
    expect(await sessionOfToken(token)).toBeNull();
  });

  test("leaves no session to those who are just signing in with the old one", async () => {
    const { user, here } = await signedIn();
    const attempts = Array.from({ length: 8 }, () => signInWith(user, OLD));
    await changePassword(here, CONTEXT, { current: OLD, password: NEW });
    await Promise.all(attempts);
    const live = await db.session.findMany({ where: { userId: user.id, endedAt: null }, select: { id: true } });
    expect(live).toEqual([{ id: here.id }]);
  });

  test("isn't overtaken by a session whose password was compared before", async () => {
    const { user, here } = await signedIn();
    await changePassword(here, CONTEXT, { current: OLD, password: NEW });
    await expectAppError(createSession({ ...user, members: [] }, NOWHERE, null), "unauthenticated");
  });

  test("makes a session wait that is opened while it commits, and refuses it", async () => {
    const { user } = await signedIn();
    let refused: Promise<unknown> | undefined;
    await db.$transaction(async (tx) => {
      await tx.user.update({ where: { id: user.id }, data: { passwordHash: "another" } });
      const opened = createSession({ ...user, members: [] }, NOWHERE, null);
      refused = expectAppError(opened, "unauthenticated");
      await expect.poll(() => waitingForUser()).toBeGreaterThan(0);
    });
    await refused;
  });

  test("makes a session token wait that is being made meanwhile, so that none escapes it", async () => {
    const { here } = await signedIn();
    let issued: Promise<{ token: string }> | undefined;
    await db.$transaction(async (tx) => {
      await tx.$queryRaw`select 1 from users where id = ${here.user.id}::uuid for no key update`;
      issued = issueSessionToken(here, CONTEXT);
      await expect.poll(() => waitingForUser()).toBeGreaterThan(0);
      expect(await db.sessionToken.count({ where: { sessionId: here.id } })).toBe(0);
    });
    expect(await sessionOfToken((await issued)?.token ?? "")).not.toBeNull();
  });

  test("is no longer possible from a session that was ended meanwhile", async () => {
    const { user, here } = await signedIn();
    await signOut(here, CONTEXT);
    await expectAppError(changePassword(here, CONTEXT, { current: OLD, password: NEW }), "unauthenticated");
    expect(await signInWith(user, OLD)).toBe("signed_in");
  });

  test("is written into the log of each team, without either password", async () => {
    const { user, teams, here } = await signedIn();
    await startTestSession(user);
    await changePassword(here, CONTEXT, { current: OLD, password: NEW });
    for (const { id } of teams) {
      const entries = await auditEntries(id, "user.password_changed");
      expect(entries).toMatchObject([
        {
          actorId: user.id,
          targetType: "user",
          targetId: user.id,
          details: { other_sessions_ended: 1 },
          ...CONTEXT,
        },
      ]);
      expect(JSON.stringify(entries.map(({ details }) => details))).not.toMatch(/known to/);
    }
  });

  test("with a wrong current password changes nothing", async () => {
    const { user, teams, here } = await signedIn();
    const other = await startTestSession(user);
    const error = await expectAppError(changePassword(here, CONTEXT, { current: "wrong", password: NEW }), "invalid");
    expect(error.fields).toHaveProperty("current");
    expect(await signInWith(user, OLD)).toBe("signed_in");
    expect(await readSession(other.secret)).not.toBeNull();
    expect(await auditEntries(teams[0]?.id ?? "", "user.password_changed")).toEqual([]);
  });

  test("counts wrong current passwords as failed sign-ins: after ten even the right one waits", async () => {
    const { user, here } = await signedIn();
    for (let attempt = 0; attempt < 10; attempt++) {
      await expectAppError(changePassword(here, CONTEXT, { current: `wrong ${attempt}`, password: NEW }), "invalid");
    }
    const error = await expectAppError(changePassword(here, CONTEXT, { current: OLD, password: NEW }), "limit_reached");
    expect(error.message).toMatch(/^Too many wrong passwords\. Try again in \d minutes\.$/);
    expect(await signInWith(user, OLD)).toBe("throttled");
  });

  test("works while others have used up the account's attempts", async () => {
    const { user, here } = await signedIn();
    for (let attempt = 0; attempt < 10; attempt++) await countFailure(user.email);
    expect(await signInWith(user, OLD)).toBe("throttled");
    expect(await changePassword(here, CONTEXT, { current: OLD, password: NEW })).toEqual({ endedSessions: 0 });
  });

  test("to one that is too easy or the same is refused, and takes none of the attempts", async () => {
    const { user, here } = await signedIn();
    for (const password of ["short", "password123", user.email, "x".repeat(129)]) {
      for (let attempt = 0; attempt < 3; attempt++) {
        const error = await expectAppError(changePassword(here, CONTEXT, { current: OLD, password }), "invalid");
        expect(error.fields).toHaveProperty("password");
      }
    }
    await expectAppError(changePassword(here, CONTEXT, { current: OLD, password: OLD }), "invalid");
    expect(await signInWith(user, OLD)).toBe("signed_in");
  });

  test("from two places at once works in one of them, which stays signed in alone", async () => {
    const { user, here } = await signedIn();
    const there = await startTestSession(user);
    const changes = await Promise.allSettled([
      changePassword(here, CONTEXT, { current: OLD, password: `${NEW} 1` }),
      changePassword(there, CONTEXT, { current: OLD, password: `${NEW} 2` }),
    ]);
    expect(changes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const won = changes[0]?.status === "fulfilled" ? 1 : 2;
    expect(await signInWith(user, `${NEW} ${won}`)).toBe("signed_in");
    const live = [await readSession(here.secret), await readSession(there.secret)].map(Boolean);
    expect(live).toEqual([won === 1, won === 2]);
  });

  test("isn't possible for who has none, or was disabled meanwhile", async () => {
    const without = await startTestSession(await createTestUser());
    await expectAppError(changePassword(without, CONTEXT, { current: OLD, password: NEW }), "invalid");
    const { user, here } = await signedIn();
    await db.user.update({ where: { id: user.id }, data: { disabledAt: new Date() } });
    await expectAppError(changePassword(here, CONTEXT, { current: OLD, password: NEW }), "conflict");
  });

  test.each([[{ current: "", password: NEW }], [{ current: OLD }], [{ current: { not: "" }, password: NEW }]])(
    "with bad input is refused: %j",
    (input) => {
      expect(changePasswordSchema.safeParse(input).success).toBe(false);
    },
  );
});
