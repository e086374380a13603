import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { log } from "@/lib/log";
import { LIFETIME_TOLERANCE_MS } from "@/lib/policies/team-policy";
import { createTestKey, inDays } from "@/lib/testing/fixtures";
import { setTestPolicy } from "@/lib/testing/set-policy";
import { metrics } from "@/lib/verification/metrics";
import { bearer, jsonOf, testVerifier } from "./testing/running-verifier.ts";
import { createVerifyingTeam, type VerifyingTeam } from "./testing/verifying-team.ts";

const HOUR_MS = 3_600_000;

const verifier = testVerifier();
let team: VerifyingTeam;
const expired: string[] = [];
const expiring: string[] = [];

const inHours = (hours: number) => inDays(hours / 24);

beforeAll(async () => {
  team = await createVerifyingTeam();
  await setTestPolicy(team.owner.teamId, { maxLifetimeDays: 30, changedAt: inDays(-60) });
  const key = async (times: { createdAt: Date; expiresAt?: Date }) =>
    (await createTestKey(team.owner, { scopes: ["events.read"], ...times })).token;
  const toleranceHours = LIFETIME_TOLERANCE_MS / HOUR_MS;
  for (const [tokens, hours] of [
    [expired, -0.5],
    [expiring, 0.5],
  ] as const) {
    tokens.push(await key({ createdAt: inDays(-10), expiresAt: inHours(hours) }));
    // Without an expiry of its own: it ends with the longest lifetime of the policy.
    tokens.push(await key({ createdAt: inHours(hours - 30 * 24 - toleranceHours) }));
  }
});

/** This process's clock alone is wrong. */
function setClock(aheadMs: number): void {
  vi.useRealTimers();
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + aheadMs });
}

afterEach(() => {
  vi.useRealTimers();
});

/** Whether a token is good at each endpoint. */
async function verdicts(token: string): Promise<boolean[]> {
  const [me, forward, introspect, verify] = await Promise.all([
    verifier.call("/api/v1/me", { headers: bearer(token) }),
    verifier.call("/api/v1/forward-auth?scope=events.read", { headers: bearer(token) }),
    verifier.postForm("/api/v1/introspect", { token }, { headers: team.asBasic }),
    verifier.postJson("/api/v1/verify", { token }, { headers: team.asBearer }),
  ]);
  return [me.status === 200, forward.status === 200, jsonOf(introspect).active, jsonOf(verify).data.valid];
}

const NOWHERE = [false, false, false, false];
const EVERYWHERE = [true, true, true, true];

describe.each([
  ["an hour behind", -HOUR_MS],
  ["right", 0],
  ["an hour ahead", HOUR_MS],
])("at a verifier whose clock is %s", (_, aheadMs) => {
  beforeEach(() => setClock(aheadMs));

  test("a key is good until it ends by the database's clock", async () => {
    for (const token of expired) expect(await verdicts(token)).toEqual(NOWHERE);
    for (const token of expiring) expect(await verdicts(token)).toEqual(EVERYWHERE);
  });
});

describe("a clock that differs from the database's", () => {
  const toldSkew = async () => {
    const { values } = (await metrics.registry.getSingleMetric("latchkey_clock_skew_seconds")?.get()) ?? { values: [] };
    return values[0]?.value;
  };
  const ask = () => verifier.call("/api/v1/me", { headers: bearer(expiring[0] as string) });

  test.each([
    ["behind", -HOUR_MS],
    ["ahead", HOUR_MS],
  ])("is told once in the log, and all the time in the metrics: an hour %s", async (_, aheadMs) => {
    await ask();
    const warned = vi.spyOn(log, "warn");
    const informed = vi.spyOn(log, "info");
    for (let time = 0; time < 2; time++) {
      setClock(aheadMs);
      await ask();
      expect(Math.abs(((await toldSkew()) ?? 0) - aheadMs / 1_000)).toBeLessThan(5);
    }
    expect(warned).toHaveBeenCalledExactlyOnceWith(
      { skewSeconds: expect.any(Number) },
      expect.stringContaining("clock differs"),
    );
    vi.useRealTimers();
    await ask();
    expect(await toldSkew()).toBe(0);
    expect(informed).toHaveBeenCalledExactlyOnceWith({ skewSeconds: 0 }, expect.stringContaining("agrees"));
    warned.mockRestore();
    informed.mockRestore();
  });
});
