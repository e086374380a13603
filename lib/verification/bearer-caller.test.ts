import { beforeEach, describe, expect, test } from "vitest";
import { generateToken } from "@/lib/api-keys/token";
import { createTestDeveloper, createTestKey, inDays } from "@/lib/testing/fixtures";
import { metrics } from "@/lib/verification/metrics";
import { bearerCaller } from "@/lib/verification/verify-token";

const MAX_ATTEMPTS = 300;

let address = 0;
let ip = "";
beforeEach(() => {
  ip = `203.0.113.${++address}`;
});

const present = (authorization: string, from = ip) => {
  const client = { ip: from, userAgent: null };
  const context = { endpoint: "me", requestId: "r1", client } as const;
  return bearerCaller(authorization, { scopes: ["events.read"], ip: from }, context, (caller) => caller);
};

const codeOf = async (authorization: string, from?: string) => {
  const caller = await present(authorization, from);
  return "key" in caller ? 200 : caller.status;
};

/** Presents as many unknown tokens as an address may present before it is throttled. */
async function useUpAttempts(): Promise<void> {
  const tokens = Array.from({ length: MAX_ATTEMPTS }, (_, number) =>
    number % 2 ? "garbage" : generateToken("team").token,
  );
  const statuses = await Promise.all(tokens.map((token) => codeOf(`Bearer ${token}`)));
  expect(new Set(statuses)).toEqual(new Set([401]));
}

describe("an address that sent too many unknown tokens", () => {
  test("gets 429 with the seconds to wait, not 401 or 403", async () => {
    await useUpAttempts();
    for (const token of ["garbage", generateToken("personal").token]) {
      const refusal = await present(`Bearer ${token}`);
      expect(refusal).toMatchObject({ status: 429, headers: { "Retry-After": expect.stringMatching(/^[1-9]\d?$/) } });
      expect(JSON.parse("body" in refusal ? refusal.body : "")).toMatchObject({
        code: "too_many_attempts",
        status: 429,
      });
      expect(refusal).not.toHaveProperty("headers.WWW-Authenticate");
    }
  });

  test("gets in at once with a good token, and gets the reason for a dead one", async () => {
    const owner = await createTestDeveloper();
    const { token } = await createTestKey(owner);
    const revoked = await createTestKey(owner, { revokedAt: new Date() });
    const narrow = await createTestKey(owner, { scopes: ["events.write"] });
    await useUpAttempts();
    expect(await codeOf("Bearer garbage")).toBe(429);
    const statuses = [];
    for (const each of [token, revoked.token, narrow.token, token]) statuses.push(await codeOf(`Bearer ${each}`));
    expect(statuses).toEqual([200, 401, 403, 200]);
  });

  test("doesn't throttle other addresses", async () => {
    await useUpAttempts();
    expect([await codeOf("Bearer garbage"), await codeOf("Bearer garbage", "198.51.100.9")]).toEqual([429, 401]);
  });

  test("is counted in the metrics once per response", async () => {
    const read = async () =>
      (await metrics.registry.getSingleMetric("latchkey_throttled_total")?.get())?.values[0]?.value ?? 0;
    await useUpAttempts();
    const before = await read();
    for (let number = 0; number < 3; number++) await present("Bearer garbage");
    expect((await read()) - before).toBe(3);
  });
});

test("only unknown tokens count as failed attempts: not dead ones, good ones, ones without the scope, or no token", async () => {
  const owner = await createTestDeveloper();
  const tokens = [
    await createTestKey(owner),
    await createTestKey(owner, { revokedAt: new Date() }),
    await createTestKey(owner, { expiresAt: inDays(-1) }),
    await createTestKey(owner, { scopes: [] }),
    await createTestKey(owner, { allowedIps: ["10.0.0.0/8"] }),
    await createTestKey(owner, { resource: "event:1" }),
  ].map(({ token }) => `Bearer ${token}`);
  for (let round = 0; round < 60; round++) {
    await Promise.all([...tokens, "", "Basic eDp5", "Bearer", "Bearer a, Bearer b"].map((each) => present(each)));
  }
  expect(await codeOf("Bearer garbage")).toBe(401);
});

test("another IPv6 address in the same /64 is throttled too", async () => {
  const network = "2001:db8:7:7";
  const from = (number: number) => `${network}::${number.toString(16)}`;
  const statuses = [];
  for (let number = 0; number <= MAX_ATTEMPTS; number++) statuses.push(await codeOf("Bearer garbage", from(number)));
  expect([statuses.at(-2), statuses.at(-1)]).toEqual([401, 429]);
});
