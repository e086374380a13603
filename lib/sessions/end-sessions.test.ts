import { describe, expect, test } from "vitest";
import { db } from "@/lib/database/db";
import { signOut, signOutEverywhere } from "@/lib/sessions/end-sessions";
import { readSession } from "@/lib/sessions/read-session";
import { auditEntries, createTestMember, createTestTeam, createTestUser } from "@/lib/testing/fixtures";
import { startTestSession, type TestSession } from "@/lib/testing/sessions";

const CONTEXT = { ip: "198.51.100.7", userAgent: "browser" };

async function userInTwoTeams() {
  const user = await createTestUser();
  const teams = [await createTestTeam(), await createTestTeam()];
  for (const team of teams) await createTestMember(team, {}, user);
  return { user, teams };
}

describe("signing out", () => {
  test("ends this session on the server and no other", async () => {
    const { user } = await userInTwoTeams();
    const [here, there] = [await startTestSession(user), await startTestSession(user)];
    await signOut(here, CONTEXT);
    expect(await readSession(here.secret)).toBeNull();
    expect(await readSession(there.secret)).not.toBeNull();
    expect((await db.session.findUniqueOrThrow({ where: { id: here.id } })).endedAt).not.toBeNull();
  });

  test("is written into the log of each team", async () => {
    const { user, teams } = await userInTwoTeams();
    const session = await startTestSession(user);
    await signOut(session, CONTEXT);
    for (const { id } of teams) {
      expect(await auditEntries(id, "session.signed_out")).toMatchObject([
        { actorId: user.id, targetType: "session", targetId: session.id, details: { sessions: 1 }, ...CONTEXT },
      ]);
    }
  });

  test("works for a user without a team", async () => {
    const session = await startTestSession(await createTestUser());
    await signOut(session, CONTEXT);
    expect(await readSession(session.secret)).toBeNull();
  });

  test("doesn't happen when its audit entry can't be written", async () => {
    const { user } = await userInTwoTeams();
    const session = await startTestSession(user);
    await expect(signOut({ ...session, user: { ...session.user, name: "Ada\0" } }, CONTEXT)).rejects.toThrow();
    expect(await readSession(session.secret)).not.toBeNull();
  });
});

describe("signing out everywhere", () => {
  test("ends every session of the user, and nobody else's", async () => {
    const { user } = await userInTwoTeams();
    const sessions = [await startTestSession(user), await startTestSession(user), await startTestSession(user)];
    const stranger = await startTestSession(await createTestUser());
    await signOutEverywhere(sessions[0] as TestSession, CONTEXT);
    for (const { secret } of sessions) expect(await readSession(secret)).toBeNull();
    expect(await readSession(stranger.secret)).not.toBeNull();
  });

  test("is written into the log of each team, with how many sessions it ended", async () => {
    const { user, teams } = await userInTwoTeams();
    const [ended, here] = [await startTestSession(user), await startTestSession(user)];
    await startTestSession(user);
    await signOut(ended, CONTEXT);
    await signOutEverywhere(here, CONTEXT);
    for (const { id } of teams) {
      expect(await auditEntries(id, "session.signed_out_everywhere")).toMatchObject([{ details: { sessions: 2 } }]);
    }
  });

  test("leaves when an earlier session ended as it was", async () => {
    const user = await createTestUser();
    const [earlier, here] = [await startTestSession(user), await startTestSession(user)];
    const endedAt = new Date("2026-01-01T00:00:00.000Z");
    await db.session.update({ where: { id: earlier.id }, data: { endedAt } });
    await signOutEverywhere(here, CONTEXT);
    expect(await db.session.findUniqueOrThrow({ where: { id: earlier.id } })).toMatchObject({ endedAt });
  });
});
