import { beforeAll, describe, expect, test } from "vitest";
import { generateToken } from "@/lib/api-keys/token";
import { createTestKey } from "@/lib/testing/fixtures";
import { countFailedAttempt } from "@/lib/verification/failed-attempts";
import { basic, bearer, type Call, jsonOf, testVerifier } from "./testing/running-verifier.ts";
import { createVerifyingTeam, type VerifyingTeam } from "./testing/verifying-team.ts";

const MAX_ATTEMPTS = 300;

const verifier = testVerifier();
let ours: VerifyingTeam;
beforeAll(async () => {
  ours = await createVerifyingTeam();
});

/** Every endpoint at which a caller shows a credential. */
const endpoints: [string, (call: Call) => ReturnType<typeof verifier.call>][] = [
  ["me", (call) => verifier.call("/api/v1/me", call)],
  ["forward-auth", (call) => verifier.call("/api/v1/forward-auth?scope=events.read", call)],
  ["verify", (call) => verifier.postJson("/api/v1/verify", { token: "garbage" }, call)],
  ["introspect", (call) => verifier.postForm("/api/v1/introspect", { token: "garbage" }, call)],
];

async function useUpAttempts(ip: string): Promise<void> {
  // Garbage needs no database, which on a busy machine might not answer so many at once in time.
  const guesses = Array.from({ length: MAX_ATTEMPTS }, () => bearer("garbage"));
  const answers = await Promise.all(guesses.map((headers) => verifier.call("/api/v1/me", { headers, ip })));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
}

describe("from an address that guessed too often", () => {
  test("every endpoint answers a further guess with 429 and when to retry, not 401 or 403", async () => {
    const ip = "203.0.113.1";
    await useUpAttempts(ip);
    for (const [endpoint, ask] of endpoints) {
      const answer = await ask({ headers: bearer("garbage"), ip });
      expect([endpoint, answer.status, jsonOf(answer).code]).toEqual([endpoint, 429, "too_many_attempts"]);
      expect(Number(answer.headers["retry-after"])).toBeGreaterThanOrEqual(1);
      expect(Number(answer.headers["retry-after"])).toBeLessThanOrEqual(60);
      expect(answer.headers).not.toHaveProperty("www-authenticate");
    }
    const asBasic = { headers: basic(ours.caller.id, generateToken("team").token), ip };
    expect((await verifier.postForm("/api/v1/introspect", { token: "x" }, asBasic)).status).toBe(429);
  });

  test("every endpoint accepts a good token at once, and answers a dead one as usual", async () => {
    const ip = "203.0.113.2";
    const both = await createTestKey(ours.owner, { kind: "team", scopes: ["keys.verify", "events.read"] });
    const revoked = await createTestKey(ours.owner, { revokedAt: new Date() });
    await useUpAttempts(ip);
    for (const [endpoint, ask] of endpoints) {
      const statuses = [];
      for (const token of ["garbage", both.token, revoked.token]) {
        statuses.push((await ask({ headers: bearer(token), ip })).status);
      }
      expect([endpoint, ...statuses]).toEqual([endpoint, 429, 200, 401]);
    }
  });

  test("tokens that an authorized caller asks about don't count", async () => {
    const ip = "203.0.113.3";
    for (let round = 0; round < 4; round++) {
      const tokens = Array.from({ length: 100 }, () => generateToken("personal").token);
      await verifier.postJson("/api/v1/verify", { tokens }, { headers: ours.asBearer, ip });
    }
    expect((await verifier.call("/api/v1/me", { headers: bearer("garbage"), ip })).status).toBe(401);
  });
});

test("the throttled address is the one the proxy reports, so that its other clients aren't throttled", async () => {
  await useUpAttempts("203.0.113.4");
  const statuses = [];
  for (const ip of ["203.0.113.4", "203.0.113.5", undefined]) {
    statuses.push((await verifier.call("/api/v1/me", { headers: bearer("garbage"), ip })).status);
  }
  expect(statuses).toEqual([429, 401, 401]);
});

test("addresses that can't be read count together, and neither for the proxy nor for another address", async () => {
  for (let count = 0; count < MAX_ATTEMPTS; count++) countFailedAttempt(null);
  const statuses = [];
  for (const ip of ["_hidden", "203.0.113.6", "203.0.113.6:443", undefined]) {
    statuses.push((await verifier.call("/api/v1/me", { headers: bearer("garbage"), ip })).status);
  }
  expect(statuses).toEqual([429, 401, 401, 401]);
});
