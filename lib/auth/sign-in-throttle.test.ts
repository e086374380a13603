import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { signIn } from "@/lib/auth/sign-in";
import { pool } from "@/lib/db";
import { createTestUser, NOWHERE } from "@/lib/testing/fixtures";

const PASSWORD = "kq7!Vz2m and more";

const attempt = (email: string, password: string, ip: string | null = null) =>
  signIn({ email, password }, { ...NOWHERE, ip }, null);

async function failTimes(count: number, email: string): Promise<void> {
  for (let index = 0; index < count; index++) await attempt(email, "wrong", `203.0.113.${index}`);
}

const rowKey = (email: string) => `account:${createHash("sha256").update(email).digest("hex")}`;

/** As if this much time had gone by since the account's first failure. */
async function letTimePass(email: string, seconds: number): Promise<void> {
  const { rowCount } = await pool.query("update sign_in_failures set expire = expire - $2 where key = $1", [
    rowKey(email),
    seconds * 1_000,
  ]);
  expect(rowCount).toBe(1);
}

describe("after ten failures of an account", () => {
  test("the right password waits as well, and is told how long", async () => {
    const { email } = await createTestUser(PASSWORD);
    await failTimes(10, email);
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
    await failTimes(10, attacked.email);
    expect(await attempt(other.email, PASSWORD, "203.0.113.1")).toMatchObject({ status: "signed_in" });
  });

  test("an unknown account is throttled just the same", async () => {
    const email = `${crypto.randomUUID()}@example.com`;
    await failTimes(10, email);
    expect(await attempt(email, PASSWORD)).toMatchObject({ status: "throttled" });
  });

  test("five minutes on, the owner is let in, although the guessing went on", async () => {
    const { email } = await createTestUser(PASSWORD);
    await failTimes(15, email);
    await letTimePass(email, 290);
    expect(await attempt(email, PASSWORD)).toMatchObject({ status: "throttled" });
    await letTimePass(email, 10);
    expect(await attempt(email, PASSWORD)).toMatchObject({ status: "signed_in" });
  });
});

test("nine failures don't keep the owner out, and signing in forgets them", async () => {
  const { email } = await createTestUser(PASSWORD);
  await failTimes(9, email);
  expect(await attempt(email, PASSWORD)).toMatchObject({ status: "signed_in" });
  await failTimes(9, email);
  expect(await attempt(email, PASSWORD)).toMatchObject({ status: "signed_in" });
});

test("of forty guesses at once at most ten are looked at", async () => {
  const { email } = await createTestUser(PASSWORD);
  const results = await Promise.all(Array.from({ length: 40 }, () => attempt(email, "wrong")));
  const statuses = results.map(({ status }) => status);
  expect(statuses.filter((status) => status === "refused")).toHaveLength(10);
  expect(statuses.filter((status) => status === "throttled")).toHaveLength(30);
});

test("the count is kept where every console sees it, without the account's address", async () => {
  const { email } = await createTestUser(PASSWORD);
  await failTimes(2, email);
  const { rows } = await pool.query("select * from sign_in_failures where key = $1", [rowKey(email)]);
  expect(rows).toMatchObject([{ points: 2 }]);
  expect(JSON.stringify(rows)).not.toContain(email);
});
