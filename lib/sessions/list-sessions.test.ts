import { describe, expect, test } from "vitest";
import { db } from "@/lib/database/db";
import { signOutElsewhere, signOutOf } from "@/lib/sessions/end-sessions";
import { listSessions } from "@/lib/sessions/list-sessions";
import { readSession } from "@/lib/sessions/read-session";
import { expectAppError } from "@/lib/testing/expect-app-error";
import {
  auditEntries,
  createTestMember,
  createTestTeam,
  createTestUser,
  type TestAccount,
} from "@/lib/testing/fixtures";
import { startTestSession } from "@/lib/testing/sessions";

const CONTEXT = { ip: "198.51.100.7", userAgent: "browser" };
const HOUR_MS = 3_600_000;
const ago = (milliseconds: number) => new Date(Date.now() - milliseconds);

const startSession = (user: TestAccount) => startTestSession(user, { ip: "192.0.2.9", userAgent: "curl/8" });

describe("the list of a person's sessions", () => {
  test("has those that live: this one first, then the one used last", async () => {
    const user = await createTestUser();
    const [old, here, recent] = [await startSession(user), await startSession(user), await startSession(user)];
    await db.session.update({ where: { id: old.id }, data: { lastSeenAt: ago(HOUR_MS) } });
    await startSession(await createTestUser());
    const listed = await listSessions(here);
    expect(listed.map(({ id, isThisOne }) => [id, isThisOne])).toEqual([
      [here.id, true],
      [recent.id, false],
      [old.id, false],
    ]);
    expect(listed[1]).toMatchObject({ device: "curl", ip: "192.0.2.9" });
  });

  test.each([
    ["was ended", { endedAt: new Date() }],
    ["is past its expiry", { expiresAt: ago(1) }],
    ["is a week old", { createdAt: ago(7 * 24 * HOUR_MS) }],
    ["wasn't used for twelve hours", { lastSeenAt: ago(12 * HOUR_MS) }],
  ])("leaves out what %s", async (_, data) => {
    const user = await createTestUser();
    const [here, over] = [await startSession(user), await startSession(user)];
    await db.session.update({ where: { id: over.id }, data });
    expect((await listSessions(here)).map(({ id }) => id)).toEqual([here.id]);
    expect(await readSession(over.secret)).toBeNull();
  });
});

describe("signing out of another place", () => {
  test("ends that session alone, and is in the log of each team", async () => {
    const user = await createTestUser();
    const team = await createTestTeam();
    await createTestMember(team, {}, user);
    const [here, there, third] = [await startSession(user), await startSession(user), await startSession(user)];
    await signOutOf(here, CONTEXT, { id: there.id });
    expect(await readSession(there.secret)).toBeNull();
    for (const { secret } of [here, third]) expect(await readSession(secret)).not.toBeNull();
    expect(await auditEntries(team.id, "session.signed_out")).toMatchObject([
      { actorId: user.id, targetId: there.id, details: { sessions: 1 } },
    ]);
  });

  test("doesn't find another person's session, nor one that is over", async () => {
    const user = await createTestUser();
    const [here, over] = [await startSession(user), await startSession(user)];
    const stranger = await startSession(await createTestUser());
    await signOutOf(here, CONTEXT, { id: over.id });
    for (const { id } of [stranger, over, { id: crypto.randomUUID() }]) {
      await expectAppError(signOutOf(here, CONTEXT, { id }), "not_found");
    }
    expect(await readSession(stranger.secret)).not.toBeNull();
  });

  test("everywhere else leaves this one, and says how many there were", async () => {
    const user = await createTestUser();
    const team = await createTestTeam();
    await createTestMember(team, {}, user);
    const [here, one, two] = [await startSession(user), await startSession(user), await startSession(user)];
    const stranger = await startSession(await createTestUser());
    expect(await signOutElsewhere(here, CONTEXT)).toEqual({ sessions: 2 });
    for (const { secret } of [one, two]) expect(await readSession(secret)).toBeNull();
    for (const { secret } of [here, stranger]) expect(await readSession(secret)).not.toBeNull();
    expect(await auditEntries(team.id, "session.signed_out_elsewhere")).toMatchObject([{ details: { sessions: 2 } }]);
  });
});
