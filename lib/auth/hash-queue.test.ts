import { randomInt } from "node:crypto";
import { setImmediate, setTimeout } from "node:timers/promises";
import * as argon2 from "@node-rs/argon2";
import { encode } from "next-auth/jwt";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { changePassword } from "@/lib/account/change-password";
import { HashQueueFull, inHashQueue } from "@/lib/auth/hash-queue";
import { hashPassword, isPasswordRight } from "@/lib/auth/passwords";
import { sessionSecretFromCookie } from "@/lib/auth/session-cookie";
import { signIn } from "@/lib/auth/sign-in";
import { pool } from "@/lib/database/db";
import { acceptWithNewAccount } from "@/lib/invitations/accept-invitation";
import { inviteMember } from "@/lib/invitations/invite-member";
import { setUpWithCode } from "@/lib/setup/create-first-admin";
import { expectAppError } from "@/lib/testing/expect-app-error";
import { createTestUser, NEW_BROWSER, NOWHERE } from "@/lib/testing/fixtures";
import { codeIn, someEmail, teamWithAdmin } from "@/lib/testing/invitations";
import { startTestSession } from "@/lib/testing/sessions";

// Wraps the real functions to count their calls.
vi.mock("@node-rs/argon2", { spy: true });

const hashes = () => vi.mocked(argon2.hash).mock.calls.length + vi.mocked(argon2.verify).mock.calls.length;

/** Jobs of unknown clients that run until they are released. */
function heldJobs(count: number) {
  let running = 0;
  let most = 0;
  let letGo = () => {};
  const gate = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const job = async () => {
    most = Math.max(most, ++running);
    await gate;
    running--;
  };
  const jobs = Array.from({ length: count }, () => inHashQueue("unknown", job));
  return { jobs, letGo, mostAtOnce: () => most, running: () => running };
}

/** The same, with two running and forty waiting. */
async function fullQueue() {
  const held = heldJobs(40);
  await expect.poll(held.running).toBe(2);
  held.jobs.push(...[1, 2].map(() => inHashQueue("unknown", setImmediate)));
  return held;
}

describe("the queue of passwords to hash", () => {
  test("hashes two at once, and refuses whoever comes after forty that wait", async () => {
    const { jobs, letGo, mostAtOnce } = await fullQueue();
    await expect(inHashQueue("unknown", setImmediate)).rejects.toBeInstanceOf(HashQueueFull);
    await expect(hashPassword("any password")).rejects.toMatchObject({ code: "limit_reached" });
    letGo();
    await Promise.all(jobs);
    expect(mostAtOnce()).toBe(2);
    await inHashQueue("unknown", setImmediate);
  });

  test("lets the known in when others have filled it, and lets them go first", async () => {
    const { jobs, letGo } = await fullQueue();
    const order: string[] = [];
    const known = inHashQueue("known", async () => void order.push("known"));
    const unknown = jobs[41]?.then(() => order.push("unknown"));
    letGo();
    await Promise.all([...jobs, known, unknown]);
    expect(order).toEqual(["known", "unknown"]);
  });

  test("pauses between two of unknown clients, and runs known ones meanwhile", async () => {
    const started = performance.now();
    let done = 0;
    const hash = () => setTimeout(50).then(() => done++);
    const jobs = Array.from({ length: 6 }, () => inHashQueue("unknown", hash));
    await Promise.all(Array.from({ length: 20 }, () => inHashQueue("known", setImmediate)));
    expect(done).toBeLessThan(6);
    await Promise.all(jobs);
    expect(performance.now() - started).toBeGreaterThan(2 * 9 * 50);
  });

  test("goes on after a job that failed", async () => {
    const failing = Array.from({ length: 3 }, () => inHashQueue("unknown", () => Promise.reject(new Error("broken"))));
    for (const job of failing) await expect(job).rejects.toThrow("broken");
    expect(await isPasswordRight("right", await hashPassword("right"))).toBe(true);
  });

  test("leaves threads to read a session's cookie while twenty passwords are hashed", async () => {
    const cookie = await encode({ token: { sid: "secret" }, secret: process.env.AUTH_SECRET ?? "" });
    let hashed = 0;
    const hashing = Array.from({ length: 20 }, () => hashPassword("any password", "known").then(() => hashed++));
    await setTimeout(1);
    expect(await sessionSecretFromCookie(cookie)).toBe("secret");
    expect(hashed).toBeLessThan(10);
    await Promise.all(hashing);
  });
});

describe("a sign-in", () => {
  beforeEach(() => isPasswordRight("the decoy is ready after this", null).then(() => vi.clearAllMocks()));

  const attempt = (input: unknown) => {
    const ip = `198.18.${randomInt(256)}.${randomInt(256)}`;
    return signIn(input, { ip, userAgent: null }, NEW_BROWSER);
  };

  test.each([
    ["no address at all", { email: "ada", password: "any password" }],
    ["half an address", { email: "ada@example", password: "any password" }],
    ["nothing", undefined],
    ["a password of 129 characters", { email: "ada@example.com", password: "x".repeat(129) }],
    ["an empty password", { email: "ada@example.com", password: "" }],
    ["NUL in the password", { email: "ada@example.com", password: "any\0password" }],
  ])("with %s is refused in its turn without a hash", async (_, input) => {
    const { jobs, letGo } = heldJobs(2);
    let isAnswered = false;
    const answer = attempt(input).finally(() => {
      isAnswered = true;
    });
    await setTimeout(100);
    expect(isAnswered).toBe(false);
    letGo();
    expect(await answer).toEqual({ status: "refused" });
    await Promise.all(jobs);
    expect(hashes()).toBe(0);
  });

  test.each(["a known account", "an unknown account"])("with a wrong password for %s costs one hash", async (which) => {
    const { email } =
      which === "a known account"
        ? await createTestUser("the right one")
        : { email: `${crypto.randomUUID()}@example.com` };
    vi.clearAllMocks();
    expect(await attempt({ email, password: "a wrong one" })).toEqual({ status: "refused" });
    expect(hashes()).toBe(1);
  });

  test("to a full queue is throttled, and neither counted nor hashed", async () => {
    const { jobs, letGo } = await fullQueue();
    const email = `${crypto.randomUUID()}@example.com`;
    const ip = `198.18.${randomInt(256)}.${randomInt(256)}`;
    const answer = await signIn({ email, password: "a wrong one" }, { ip, userAgent: null }, NEW_BROWSER);
    expect(answer).toEqual({ status: "throttled", retryAfterSeconds: 5 });
    expect((await pool.query("select from sign_in_failures where key = $1", [`source:${ip}`])).rowCount).toBe(0);
    letGo();
    await Promise.all(jobs);
    expect(hashes()).toBe(0);
  });
});

describe("no hash is made for", () => {
  const input = { email: someEmail(), password: "plenty of words to type", teamName: "Acme" };

  test("a setup code that can't be used", async () => {
    vi.clearAllMocks();
    await expectAppError(setUpWithCode("no such code", input, NOWHERE), "not_found");
    expect(hashes()).toBe(0);
  });

  test("an invitation that can't be accepted, for want of it or because the address has an account", async () => {
    const { admin, roleId } = await teamWithAdmin();
    const { url } = await inviteMember(admin, { roleId, email: null });
    const { email } = await createTestUser();
    vi.clearAllMocks();
    const account = { name: "Ada", email, password: input.password };
    await expectAppError(acceptWithNewAccount("x".repeat(43), account, NOWHERE), "not_found");
    await expectAppError(acceptWithNewAccount(codeIn(url), account, NOWHERE), "conflict");
    expect(hashes()).toBe(0);
  });

  test("a new password that the rules refuse, or a change of one that isn't there to compare", async () => {
    const session = await startTestSession(await createTestUser("the right one"));
    vi.clearAllMocks();
    await expectAppError(changePassword(session, NOWHERE, { current: "the right one", password: "short" }), "invalid");
    const tooLong = { current: "x".repeat(129), password: input.password };
    await expectAppError(changePassword(session, NOWHERE, tooLong), "invalid");
    expect(hashes()).toBe(0);
  });
});
