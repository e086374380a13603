import { describe, expect, test } from "vitest";
import { changePassword } from "@/lib/account/change-password";
import { changePasswordSchema } from "@/lib/account/schemas";
import { signIn } from "@/lib/auth/sign-in";
import { db } from "@/lib/db";
import { issueSessionToken } from "@/lib/session-tokens/issue-session-token";
import { sessionOfToken } from "@/lib/session-tokens/session-of-token";
import { createSession } from "@/lib/sessions/create-session";
import { type LiveSession, readSession } from "@/lib/sessions/read-session";
import { expectAppError } from "@/lib/testing/expect-app-error";
import {
  auditEntries,
  createTestMember,
  createTestTeam,
  createTestUser,
  NOWHERE,
  type TestUser,
} from "@/lib/testing/fixtures";

const OLD = "an old one, known to many";
const NEW = "a new one, known to me";
const CONTEXT = { ip: "198.51.100.7", userAgent: "browser" };

async function startSession(user: TestUser): Promise<LiveSession> {
  const id = await createSession({ ...user, members: [] }, NOWHERE, null);
  return (await readSession(id)) ?? expect.fail("the session doesn't live");
}

async function signedIn() {
  const user = await createTestUser(OLD);
  const teams = [await createTestTeam(), await createTestTeam()];
  for (const team of teams) await createTestMember(team, {}, user);
  return { user, teams, here: await startSession(user) };
}

const signInWith = async ({ email }: TestUser, password: string) =>
  (await signIn({ email, password }, NOWHERE, null)).status;

describe("changing the password", () => {
  test("makes the new one good and the old one bad", async () => {
    const { user, here } = await signedIn();
    await changePassword(here, CONTEXT, { current: OLD, password: NEW });
    expect(await signInWith(user, OLD)).toBe("refused");
    expect(await signInWith(user, NEW)).toBe("signed_in");
  });

  test("ends every other session of the person, and nobody else's, and the tokens of this one", async () => {
    const { user, here } = await signedIn();
    const others = [await startSession(user), await startSession(user)];
    const stranger = await startSession(await createTestUser());
    const { token } = await issueSessionToken(here, CONTEXT);
    const done = await changePassword(here, CONTEXT, { current: OLD, password: NEW });
    expect(done).toEqual({ endedSessions: 2 });
    for (const { id } of others) expect(await readSession(id)).toBeNull();
    expect(await readSession(here.id)).not.toBeNull();
    expect(await readSession(stranger.id)).not.toBeNull();
    expect(await sessionOfToken(token)).toBeNull();
  });

  test("is written into the log of each team, without either password", async () => {
    const { user, teams, here } = await signedIn();
    await startSession(user);
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
    const other = await startSession(user);
    const error = await expectAppError(changePassword(here, CONTEXT, { current: "wrong", password: NEW }), "invalid");
    expect(error.fields).toHaveProperty("current");
    expect(await signInWith(user, OLD)).toBe("signed_in");
    expect(await readSession(other.id)).not.toBeNull();
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
    const there = await startSession(user);
    const changes = await Promise.allSettled([
      changePassword(here, CONTEXT, { current: OLD, password: `${NEW} 1` }),
      changePassword(there, CONTEXT, { current: OLD, password: `${NEW} 2` }),
    ]);
    expect(changes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const won = changes[0]?.status === "fulfilled" ? 1 : 2;
    expect(await signInWith(user, `${NEW} ${won}`)).toBe("signed_in");
    const live = [await readSession(here.id), await readSession(there.id)].map(Boolean);
    expect(live).toEqual([won === 1, won === 2]);
  });

  test("isn't possible for who has none, or was disabled meanwhile", async () => {
    const without = await startSession(await createTestUser());
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
