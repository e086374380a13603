import { createHash } from "node:crypto";
import { describe, expect, test, vi } from "vitest";
import { withKnownAccount } from "@/lib/auth/known-browser";
import { signIn } from "@/lib/auth/sign-in";
import { deleteOldFailures, takeAttempt } from "@/lib/auth/sign-in-throttle";
import { db, pool } from "@/lib/database/db";
import { clientSource } from "@/lib/http/client-source";
import { createTestUser, NEW_BROWSER, NOWHERE, type TestAccount } from "@/lib/testing/fixtures";

/** Delays are tested with the queue; here they would only cost time. */
vi.mock(import("node:timers/promises"), async (original) => {
  const timers = await original();
  return { ...timers, setTimeout: (ms, value) => timers.setTimeout(Math.min(ms ?? 0, 10), value) };
});

const PASSWORD = "kq7!Vz2m and more";

/** Tests share one database, so each attempt comes from its own network by default. */
function newAddress(): string {
  const groups = crypto.randomUUID().replaceAll("-", "").slice(0, 8).match(/.{4}/g) ?? [];
  return `2001:db8:${groups.join(":")}::1`;
}

const attempt = (email: string, password: string, ip: string | null = newAddress(), knownBrowserCookie?: string) =>
  signIn({ email, password }, { ...NOWHERE, ip }, { ...NEW_BROWSER, knownBrowserCookie });

/** Adds failures without hashing. */
async function failTimes(count: number, email: string, ip?: string): Promise<void> {
  for (let index = 0; index < count; index++) await takeAttempt({ email, ip: ip ?? newAddress(), browser: null });
}

const rowKey = (email: string) => `account:${createHash("sha256").update(email).digest("hex")}`;

const pointsOf = async (key: string) =>
  (await pool.query<{ points: number }>("select points from sign_in_failures where key = $1", [key])).rows[0]?.points;

/** Moves a window back by this time. */
async function letTimePass(key: string, seconds: number): Promise<void> {
  const { rowCount } = await pool.query("update sign_in_failures set expire = expire - $2 where key = $1", [
    key,
    seconds * 1_000,
  ]);
  expect(rowCount).toBe(1);
}

describe("after ten failures of an account", () => {
  test("the right password waits as well, and is told how long", async () => {
    const { email } = await createTestUser(PASSWORD);
    for (let index = 0; index < 10; index++) expect(await attempt(email, "wrong")).toEqual({ status: "refused" });
    const result = await attempt(email, PASSWORD);
    expect(result.status).toBe("throttled");
    const { retryAfterSeconds } = result as { retryAfterSeconds: number };
    expect(Number.isInteger(retryAfterSeconds)).toBe(true);
    expect(retryAfterSeconds).toBeGreaterThan(200);
    expect(retryAfterSeconds).toBeLessThanOrEqual(300);
  });

  test("another address or another spelling of the account doesn't help", async () => {
    const { email } = await createTestUser(PASSWORD);
    await failTimes(10, email);
    expect(await attempt(email, PASSWORD, "198.51.100.99")).toMatchObject({ status: "throttled" });
    expect(await attempt(` ${email.toUpperCase()}`, PASSWORD)).toMatchObject({ status: "throttled" });
  });

  test("other accounts sign in as ever, from the same address too", async () => {
    const [attacked, other] = [await createTestUser(PASSWORD), await createTestUser(PASSWORD)];
    const address = newAddress();
    await failTimes(10, attacked.email, address);
    expect(await attempt(other.email, PASSWORD, address)).toMatchObject({ status: "signed_in" });
  });

  test("an unknown account is throttled just the same", async () => {
    const email = `${crypto.randomUUID()}@example.com`;
    await failTimes(10, email);
    expect(await attempt(email, PASSWORD)).toMatchObject({ status: "throttled" });
  });

  test("five minutes on, the owner is let in, although the guessing went on", async () => {
    const { email } = await createTestUser(PASSWORD);
    await failTimes(15, email);
    await letTimePass(rowKey(email), 290);
    expect(await attempt(email, PASSWORD)).toMatchObject({ status: "throttled" });
    await letTimePass(rowKey(email), 10);
    expect(await attempt(email, PASSWORD)).toMatchObject({ status: "signed_in" });
  });
});

describe("a browser that signed in with the account before", () => {
  const cookieOf = async ({ id }: TestAccount) =>
    withKnownAccount(undefined, await db.user.findUniqueOrThrow({ where: { id } }));

  test("gets in while others go on guessing, from its own address or theirs", async () => {
    const user = await createTestUser(PASSWORD);
    const cookie = await cookieOf(user);
    const address = newAddress();
    await failTimes(10, user.email);
    for (let index = 0; index < 50; index++) await takeAttempt({ email: null, ip: address, browser: null });
    expect(await attempt(user.email, PASSWORD, address)).toMatchObject({ status: "throttled" });
    expect(await attempt(user.email, PASSWORD, address, cookie)).toMatchObject({ status: "signed_in" });
    expect(await attempt(user.email, PASSWORD)).toMatchObject({ status: "throttled" });
  });

  test("has ten failures of its own, which no other browser of the account has to pay for", async () => {
    const user = await createTestUser(PASSWORD);
    const [one, two] = [await cookieOf(user), await cookieOf(user)];
    for (let index = 0; index < 10; index++) await attempt(user.email, "wrong", null, one);
    expect(await attempt(user.email, PASSWORD, null, one)).toMatchObject({ status: "throttled" });
    expect(await attempt(user.email, PASSWORD, null, two)).toMatchObject({ status: "signed_in" });
    expect(await attempt(user.email, PASSWORD)).toMatchObject({ status: "signed_in" });
  });

  test("is like any other for another account, and after a new password", async () => {
    const [user, other] = [await createTestUser(PASSWORD), await createTestUser(PASSWORD)];
    const cookie = await cookieOf(user);
    for (const { email } of [user, other]) await failTimes(10, email);
    expect(await attempt(other.email, PASSWORD, null, cookie)).toMatchObject({ status: "throttled" });
    const { passwordHash } = await createTestUser(PASSWORD);
    await db.user.update({ where: { id: user.id }, data: { passwordHash } });
    expect(await attempt(user.email, PASSWORD, null, cookie)).toMatchObject({ status: "throttled" });
  });
});

describe("of many accounts from one address", () => {
  const spray = async (ip: (index: number) => string, password = "wrong") => {
    const answers: string[] = [];
    for (let index = 0; index < 52; index++) {
      answers.push((await attempt(`${crypto.randomUUID()}@example.com`, password, ip(index))).status);
    }
    return answers;
  };

  test("fifty are tried, and then none for a quarter of an hour, by known browsers alone", async () => {
    const address = newAddress();
    const answers = await spray(() => address);
    expect(answers).toEqual([...Array(50).fill("refused"), "throttled", "throttled"]);
    const user = await createTestUser(PASSWORD);
    const waiting = await attempt(user.email, PASSWORD, address);
    expect(waiting).toMatchObject({ status: "throttled" });
    expect((waiting as { retryAfterSeconds: number }).retryAfterSeconds).toBeGreaterThan(600);
    expect(await attempt(user.email, PASSWORD)).toMatchObject({ status: "signed_in" });
  });

  test("an IPv6 address counts with its whole /64", async () => {
    const [network] = newAddress().split("::");
    const isOver = async (ip: string) => (await takeAttempt({ email: null, ip, browser: null })) > 0;
    for (let host = 1; host <= 50; host++) expect(await isOver(`${network}::${host.toString(16)}`)).toBe(false);
    expect(await isOver(`${network}:ffff::1`)).toBe(true);
    expect(await isOver(newAddress())).toBe(false);
  });

  test("no more rows are made once the address has to wait", async () => {
    const address = newAddress();
    for (let index = 0; index < 50; index++) await takeAttempt({ email: null, ip: address, browser: null });
    const email = `${crypto.randomUUID()}@example.com`;
    expect(await attempt(email, "wrong", address)).toMatchObject({ status: "throttled" });
    expect(await pointsOf(rowKey(email))).toBeUndefined();
  });

  test("those who sign in don't count, nor what waits for an account", async () => {
    const address = newAddress();
    const row = `source:${clientSource(address)}`;
    const { email } = await createTestUser(PASSWORD);
    for (let index = 0; index < 3; index++) {
      expect(await attempt(email, PASSWORD, address)).toMatchObject({ status: "signed_in" });
    }
    expect(await pointsOf(row)).toBe(0);
    await failTimes(12, email, address);
    expect(await pointsOf(row)).toBe(10);
  });

  test("what can't be an e-mail address counts as well", async () => {
    const address = newAddress();
    for (let index = 0; index < 50; index++) await takeAttempt({ email: null, ip: address, browser: null });
    expect(await attempt("no address", "wrong", address)).toMatchObject({ status: "throttled" });
  });
});

test("nine failures don't keep the owner out, and signing in forgets them", async () => {
  const { email } = await createTestUser(PASSWORD);
  for (let round = 0; round < 2; round++) {
    await failTimes(9, email);
    expect(await attempt(email, PASSWORD)).toMatchObject({ status: "signed_in" });
  }
});

test("of forty guesses at once at most ten are looked at", async () => {
  const { email } = await createTestUser(PASSWORD);
  const results = await Promise.all(Array.from({ length: 40 }, () => attempt(email, "wrong")));
  const statuses = results.map(({ status }) => status);
  expect(statuses.filter((status) => status === "refused")).toHaveLength(10);
  expect(statuses.filter((status) => status === "throttled")).toHaveLength(30);
});

test("the count is kept where every console sees it, without the account's address, and no longer than it counts", async () => {
  const { email } = await createTestUser(PASSWORD);
  await failTimes(2, email);
  const { rows } = await pool.query("select * from sign_in_failures where key = $1", [rowKey(email)]);
  expect(rows).toMatchObject([{ points: 2 }]);
  expect(JSON.stringify(rows)).not.toContain(email);
  await deleteOldFailures();
  expect(await pointsOf(rowKey(email))).toBe(2);
  await letTimePass(rowKey(email), 301);
  await deleteOldFailures();
  expect(await pointsOf(rowKey(email))).toBeUndefined();
});
