import { describe, expect, test } from "vitest";
import { signIn } from "@/lib/auth/sign-in";
import { db } from "@/lib/database/db";
import { createSession } from "@/lib/sessions/create-session";
import { type LiveSession, readSession } from "@/lib/sessions/read-session";
import { sessionSecretHash } from "@/lib/sessions/session-secret";
import { tablesContaining } from "@/lib/testing/database-search";
import {
  auditEntries,
  createTestMember,
  createTestTeam,
  createTestUser,
  NEW_BROWSER,
  NOWHERE,
} from "@/lib/testing/fixtures";

const PASSWORD = "kq7!Vz2m and more";
const CONTEXT = { ip: "198.51.100.7", userAgent: "browser" };

const attempt = (email: unknown, password: unknown, previous: string | null = null) =>
  signIn({ email, password }, CONTEXT, { previousSecret: previous });

/** The session secret after a successful sign-in. */
async function secretOf(email: string, previous: string | null = null): Promise<string> {
  const result = await attempt(email, PASSWORD, previous);
  return result.status === "signed_in" ? result.sessionSecret : expect.fail(result.status);
}

describe("the right password", () => {
  test("starts a session that lives, with where it came from", async () => {
    const user = await createTestUser(PASSWORD);
    const result = await attempt(user.email, PASSWORD);
    expect(result).toMatchObject({ status: "signed_in", userId: user.id });
    const session = await db.session.findFirstOrThrow({ where: { userId: user.id } });
    expect(session).toMatchObject({ ip: CONTEXT.ip, userAgent: CONTEXT.userAgent, endedAt: null });
    expect(session.expiresAt.getTime() - session.createdAt.getTime()).toBeLessThanOrEqual(7 * 86_400_000 + 1_000);
    const { sessionSecret } = result as { sessionSecret: string };
    expect(await readSession(sessionSecret)).toMatchObject({ id: session.id });
  });

  test("is written into the log of each team of the user, and of no team they left", async () => {
    const user = await createTestUser(PASSWORD);
    const [one, two, left] = [await createTestTeam(), await createTestTeam(), await createTestTeam()];
    for (const team of [one, two]) await createTestMember(team, {}, user);
    const { memberId } = await createTestMember(left, {}, user);
    await db.member.update({ where: { id: memberId }, data: { removedAt: new Date() } });
    const session = (await readSession(await secretOf(user.email))) as LiveSession;
    for (const { id } of [one, two]) {
      expect(await auditEntries(id, "session.signed_in")).toMatchObject([
        { actorId: user.id, actorName: user.name, targetId: session.id, targetType: "session", ...CONTEXT },
      ]);
    }
    expect(await auditEntries(left.id, "session.signed_in")).toEqual([]);
  });

  test("makes a new session each time and ends the one the browser held", async () => {
    const user = await createTestUser(PASSWORD);
    const first = await secretOf(user.email);
    const elsewhere = await secretOf(user.email);
    const second = await secretOf(user.email, first);
    expect(new Set([first, elsewhere, second]).size).toBe(3);
    expect(await readSession(first)).toBeNull();
    expect(await readSession(second)).not.toBeNull();
    expect(await readSession(elsewhere)).not.toBeNull();
  });

  test("is kept nowhere in what it opens: the log and the table have an id that opens nothing", async () => {
    const user = await createTestUser(PASSWORD);
    const team = await createTestTeam();
    await createTestMember(team, {}, user);
    const secret = await secretOf(user.email);
    const { id } = (await readSession(secret)) as LiveSession;
    expect(await tablesContaining(secret)).toEqual([]);
    expect(await tablesContaining(sessionSecretHash(secret).toString("hex"))).toEqual(["sessions"]);
    expect(await auditEntries(team.id, "session.signed_in")).toMatchObject([{ targetId: id }]);
    for (const known of [id, sessionSecretHash(secret).toString("hex"), sessionSecretHash(id).toString("base64url")]) {
      expect(await readSession(known)).toBeNull();
    }
  });

  test("finds the account whatever the case and spaces of its address", async () => {
    const user = await createTestUser(PASSWORD);
    expect(await attempt(`  ${user.email.toUpperCase()} `, PASSWORD)).toMatchObject({ status: "signed_in" });
  });

  test("starts no session when its audit entry can't be written", async () => {
    const user = await createTestUser();
    const team = await createTestTeam();
    const owner = { id: user.id, name: "Ada\0", passwordHash: null, members: [{ teamId: team.id }] };
    await expect(createSession(owner, NOWHERE, null)).rejects.toThrow();
    expect(await db.session.count({ where: { userId: user.id } })).toBe(0);
  });
});

describe("a refusal", () => {
  test("is the same for an unknown account, a wrong password, a disabled account and one without a password", async () => {
    const disabled = await createTestUser(PASSWORD);
    await db.user.update({ where: { id: disabled.id }, data: { disabledAt: new Date() } });
    const results = [
      await attempt(`${crypto.randomUUID()}@example.com`, PASSWORD),
      await attempt((await createTestUser(PASSWORD)).email, "wrong"),
      await attempt(disabled.email, PASSWORD),
      await attempt((await createTestUser()).email, ""),
    ];
    for (const result of results) expect(result).toEqual({ status: "refused" });
    expect(await db.session.count({ where: { userId: disabled.id } })).toBe(0);
  });

  test("of a known account is written into the log of its teams, without who it was and without what was tried", async () => {
    const user = await createTestUser(PASSWORD);
    const team = await createTestTeam();
    await createTestMember(team, {}, user);
    await attempt(user.email, "a wrong guess");
    await expect.poll(() => auditEntries(team.id, "session.sign_in_failed")).toHaveLength(1);
    const entries = await auditEntries(team.id, "session.sign_in_failed");
    expect(entries).toMatchObject([{ actorId: null, targetLabel: user.name, ...CONTEXT }]);
    expect(JSON.stringify(entries)).not.toContain("a wrong guess");
  });

  test.each([
    ["no input", undefined],
    ["null", null],
    ["a text", "x"],
    ["no password", { email: "ada@example.com" }],
    ["no address", { password: PASSWORD }],
    ["an array for an address", { email: ["ada@example.com"], password: PASSWORD }],
    ["an operator for an address", { email: { contains: "@" }, password: PASSWORD }],
    ["an operator for a password", { email: "ada@example.com", password: { not: "" } }],
    ["no address at all in it", { email: "ada", password: PASSWORD }],
    ["NUL in the address", { email: "ada\0@example.com", password: PASSWORD }],
    ["a lone surrogate in the address", { email: "ada\ud800@example.com", password: PASSWORD }],
    ["a megabyte of address", { email: `${"x".repeat(1_000_000)}@example.com`, password: PASSWORD }],
    ["a megabyte of password", { email: "ada@example.com", password: "x".repeat(1_000_000) }],
  ])("answers %s like any other", async (_, input) => {
    expect(await signIn(input, CONTEXT, NEW_BROWSER)).toEqual({ status: "refused" });
  });

  test("answers a password with NUL or a lone surrogate like any other", async () => {
    const user = await createTestUser(PASSWORD);
    for (const password of [`${PASSWORD}\0`, "\0", "\ud800", "x".repeat(60_000)]) {
      expect(await attempt(user.email, password)).toEqual({ status: "refused" });
    }
  });
});
