import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { insights, type KeyUse } from "@/lib/calls/insights";
import { type KeyOutcome, usage } from "@/lib/calls/usage";
import { db } from "@/lib/database/db";
import { inAnotherProcess } from "@/lib/testing/another-process";
import { createTestDeveloper, createTestKey, createTestKeys, NOWHERE } from "@/lib/testing/fixtures";
import { ownerDb } from "@/lib/testing/owner-database";
import { usagePool } from "@/lib/verification/connections";
import { verifyToken } from "@/lib/verification/verify-token";

const NOON = Date.parse("2026-06-15T12:00:00.000Z");
const at = (second: number) => NOON + 1_000 * second;
const from = (second: number) => ({ ip: `192.0.2.${second % 250}`, userAgent: `agent ${second}` });

/** The team id only matters for lists. */
const counted = (id: string) => ({ id, team: { id: randomUUID() } });

/** One call, identified by its second. */
const call = (recorder: typeof usage, keyId: string, second: number, code: KeyOutcome = "valid") =>
  recorder.note(counted(keyId), code, at(second), from(second));

const anotherRecorder = async () => (await inAnotherProcess(() => import("@/lib/calls/usage"))).usage;

async function createKeys(count: number): Promise<string[]> {
  return createTestKeys(await createTestDeveloper(), Array(count).fill({}));
}

async function createKey(): Promise<string> {
  return (await createKeys(1))[0] as string;
}

const lastUseOf = (keyId: string) =>
  db.apiKeyUsage.findUnique({ where: { keyId }, omit: { keyId: true, teamId: true } });
const hoursOf = (keyId: string) =>
  db.apiKeyHour.findMany({ where: { keyId }, omit: { keyId: true }, orderBy: [{ hour: "asc" }, { code: "asc" }] });

const expectedUse = (second: number, calls: number) => ({
  lastUsedAt: new Date(at(second)),
  lastUsedIp: from(second).ip,
  lastUsedUserAgent: from(second).userAgent,
  hour: new Date(Math.floor(at(second) / 3_600_000) * 3_600_000),
  calls: BigInt(calls),
});

const refusedHour = (second: number, code: KeyOutcome, calls: number) => {
  const { lastUsedAt, lastUsedIp, hour } = expectedUse(second, calls);
  return { hour, code, calls: BigInt(calls), lastAt: lastUsedAt, lastIp: lastUsedIp };
};

describe("the last use of a key", () => {
  test("is written with its time, address and user agent", async () => {
    const id = await createKey();
    call(usage, id, 1);
    await usage.flush();
    expect(await lastUseOf(id)).toEqual(expectedUse(1, 1));
  });

  test("is the latest of many within a second, which take one row and are all counted", async () => {
    const ids = await createKeys(3);
    const query = vi.spyOn(usagePool, "query");
    onTestFinished(() => query.mockRestore());
    for (const second of [1, 3, 2]) for (const id of ids) for (let time = 0; time < 50; time++) call(usage, id, second);
    await usage.flush();
    for (const id of ids) expect(await lastUseOf(id)).toEqual(expectedUse(3, 150));
    expect(query).toHaveBeenCalledTimes(1);
    await expect(query.mock.results[0]?.value).resolves.toMatchObject({ rowCount: 3 });
  });

  test("never moves back when two processes write out of order, and both calls are counted", async () => {
    const id = await createKey();
    const other = await anotherRecorder();
    expect(other).not.toBe(usage);
    call(usage, id, 5);
    call(other, id, 9);
    await other.flush();
    await usage.flush();
    expect(await lastUseOf(id)).toEqual(expectedUse(9, 2));
  });

  test("has no address and user agent when the latest call had none", async () => {
    const id = await createKey();
    call(usage, id, 1);
    await usage.flush();
    usage.note(counted(id), "valid", at(2), NOWHERE);
    await usage.flush();
    expect(await lastUseOf(id)).toMatchObject({ lastUsedIp: null, lastUsedUserAgent: null, calls: 2n });
  });
});

describe("the calls of many keys under heavy load", () => {
  const crowd = () => Array.from({ length: 2_500 }, () => randomUUID());
  const countsOf = async (ids: string[]) => {
    const rows = await db.apiKeyUsage.findMany({ where: { keyId: { in: ids } }, select: { calls: true } });
    return { keys: rows.length, calls: rows.reduce((sum, { calls }) => sum + Number(calls), 0) };
  };

  test("wait for up to ten seconds, take one row each, and are all counted", async () => {
    const ids = crowd();
    const began = performance.now();
    await usage.flush();
    call(usage, ids[0] as string, 1);
    for (const second of [1, 2]) for (const id of ids.slice(1)) call(usage, id, second);
    await expect.poll(() => countsOf(ids)).toEqual({ keys: 2_500, calls: 4_999 });
    expect(performance.now() - began).toBeGreaterThan(9_000);
    await ownerDb.apiKeyUsage.deleteMany({ where: { keyId: { in: ids } } });
  });

  test("are all written when the process ends, refused ones too", async () => {
    const [accepted, refused] = [crowd(), crowd()];
    for (const id of accepted) call(usage, id, 1);
    for (const id of refused) call(usage, id, 1, "revoked");
    await usage.flush();
    expect(await countsOf(accepted)).toEqual({ keys: 2_500, calls: 2_500 });
    expect(await db.apiKeyHour.count({ where: { keyId: { in: refused }, code: "revoked", calls: 1 } })).toBe(2_500);
    await ownerDb.apiKeyUsage.deleteMany({ where: { keyId: { in: accepted } } });
    await db.apiKeyHour.deleteMany({ where: { keyId: { in: refused } } });
  });
});

describe("the scopes and addresses of accepted calls", () => {
  const KEYS = Array.from({ length: 3 }, () => randomUUID());
  const anyCall = fc.record({
    keyId: fc.constantFrom(...KEYS),
    code: fc.constantFrom("valid" as const, "valid" as const, "revoked" as const),
    second: fc.integer({ min: 0, max: 5 }),
    // More than are buffered for a key.
    ip: fc.constantFrom(null, ...Array.from({ length: 20 }, (_, last) => `192.0.2.${last}`)),
    scopes: fc.constantFrom([], ["events.read"], ["events.read", "events.write"]),
  });
  type Call = typeof anyCall extends fc.Arbitrary<infer Value> ? Value : never;

  /** For each key, address and scopes: how many calls there were, the first and the latest. */
  function summed(uses: Omit<KeyUse, "userAgent">[]) {
    const sums: Record<string, [calls: number, first: number, latest: number]> = {};
    for (const { keyId, ip, scopes, calls, firstAt, at } of uses) {
      const name = `${keyId} ${ip} ${scopes}`;
      const [known, first, latest] = sums[name] ?? [0, firstAt, at];
      sums[name] = [known + calls, Math.min(first, firstAt), Math.max(latest, at)];
    }
    return sums;
  }

  test("are passed to the insights, each call once with its own address and scopes", async () => {
    const note = vi.spyOn(insights, "note").mockImplementation(() => {});
    const query = vi.spyOn(usagePool, "query").mockImplementation((async () => ({ rows: [] })) as never);
    onTestFinished(() => [note, query].forEach((spy) => void spy.mockRestore()));
    await usage.flush();
    await fc.assert(
      fc.asyncProperty(fc.array(anyCall, { maxLength: 60 }), async (calls: Call[]) => {
        note.mockClear();
        for (const { keyId, code, second, ip, scopes } of calls) {
          usage.note(counted(keyId), code, at(second), { ip, userAgent: null }, scopes);
        }
        await usage.flush();
        const expected = calls.filter(({ code }) => code === "valid");
        const each = expected.map((one) => ({ ...one, firstAt: at(one.second), at: at(one.second), calls: 1 }));
        expect(summed(note.mock.calls.map(([use]) => use))).toEqual(summed(each));
      }),
    );
  });
});

describe("the calls of a key are counted by the hour:", () => {
  test("accepted ones of the current hour beside the last use, and earlier hours' when a later one begins", async () => {
    const id = await createKey();
    for (const second of [0, 10, 3_599]) call(usage, id, second);
    await usage.flush();
    expect(await hoursOf(id)).toEqual([]);
    for (const second of [3_600, 3_601]) call(usage, id, second);
    await usage.flush();
    expect(await lastUseOf(id)).toEqual(expectedUse(3_601, 2));
    expect(await hoursOf(id)).toEqual([refusedHour(3_599, "valid", 3)]);
    call(usage, id, 3 * 3_600);
    await usage.flush();
    expect(await hoursOf(id)).toEqual([refusedHour(3_599, "valid", 3), refusedHour(3_601, "valid", 2)]);
  });

  test("refused ones at once, separately by reason, and not as use", async () => {
    const id = await createKey();
    const reasons = ["expired", "insufficient_scope", "ip_not_allowed", "owner_inactive", "revoked", "wrong_resource"];
    for (const code of reasons as KeyOutcome[]) for (const second of [1, 3, 2]) call(usage, id, second, code);
    await usage.flush();
    call(usage, id, 2, "revoked");
    call(usage, id, 3_601, "revoked");
    await usage.flush();
    // The second flush had a call of two hours under one reason: it is counted under the later of them.
    expect(await hoursOf(id)).toEqual([
      ...reasons.map((code) => refusedHour(3, code as KeyOutcome, 3)),
      refusedHour(3_601, "revoked", 2),
    ]);
    expect(await lastUseOf(id)).toBeNull();
  });

  test("two processes add up, and the latest refusal stays the latest", async () => {
    const id = await createKey();
    const other = await anotherRecorder();
    for (const [recorder, second] of [
      [usage, 5],
      [other, 9],
      [usage, 7],
    ] as const) {
      call(recorder, id, second, "revoked");
      await recorder.flush();
    }
    expect(await hoursOf(id)).toEqual([refusedHour(9, "revoked", 3)]);
  });

  test("a late call of a finished hour is not lost: it counts for the current one", async () => {
    const id = await createKey();
    const other = await anotherRecorder();
    call(usage, id, 3_600);
    await usage.flush();
    call(other, id, 3_599);
    await other.flush();
    expect(await lastUseOf(id)).toEqual(expectedUse(3_600, 2));
    expect(await hoursOf(id)).toEqual([]);
  });
});

describe("two processes that write the same keys at once", () => {
  test("neither deadlock nor lose a call", async () => {
    const ROUNDS = 6;
    // With both outcomes, as many rows as fit into one statement.
    const KEYS = 500;
    const ids = await createKeys(KEYS);
    const other = await inAnotherProcess(async () => ({
      ...(await import("@/lib/calls/usage")),
      ...(await import("@/lib/verification/connections")),
    }));
    const queries = [vi.spyOn(usagePool, "query"), vi.spyOn(other.usagePool, "query")];
    onTestFinished(() => queries.forEach((query) => void query.mockRestore()));
    for (let round = 1; round <= ROUNDS; round++) {
      // Each round begins another hour, so that hours are closed too.
      const second = 3_600 * round;
      for (const id of ids) for (const code of ["valid", "revoked"] as const) call(usage, id, second + 1, code);
      for (const id of ids.toReversed())
        for (const code of ["revoked", "valid"] as const) call(other.usage, id, second, code);
      await Promise.all([usage.flush(), other.usage.flush()]);
    }
    // A deadlocked write would be retried, not thrown: check the outcome of each.
    const writes = queries.flatMap((query) => query.mock.results.map(({ value }) => value));
    await expect(Promise.all(writes)).resolves.toHaveLength(2 * ROUNDS);
    expect(await db.apiKeyUsage.count({ where: { keyId: { in: ids }, ...expectedUse(3_600 * ROUNDS + 1, 2) } })).toBe(
      KEYS,
    );
    const hours = await db.apiKeyHour.groupBy({ by: ["code"], where: { keyId: { in: ids } }, _sum: { calls: true } });
    expect(Object.fromEntries(hours.map(({ code, _sum }) => [code, Number(_sum.calls)]))).toEqual({
      valid: 2 * KEYS * (ROUNDS - 1),
      revoked: 2 * KEYS * ROUNDS,
    });
  });
});

describe("a verification", () => {
  const context = { endpoint: "me", requestId: "r1", client: { ip: "198.51.100.7", userAgent: "curl/8" } } as const;

  test("counts the call of a good token, which is flushed about a second later", async () => {
    const { id, token } = await createTestKey(await createTestDeveloper());
    const started = Date.now();
    await verifyToken(token, { ip: null }, context);
    expect(await lastUseOf(id)).toBeNull();
    await expect.poll(() => lastUseOf(id)).not.toBeNull();
    const { lastUsedAt, ...use } = (await lastUseOf(id)) ?? expect.fail();
    expect(lastUsedAt.getTime()).toBeGreaterThanOrEqual(started);
    expect(use).toMatchObject({ lastUsedIp: "198.51.100.7", lastUsedUserAgent: "curl/8", calls: 1n });
  });

  test("counts the refusal of an existing key by its reason", async () => {
    const owner = await createTestDeveloper();
    const keys = {
      revoked: await createTestKey(owner, { revokedAt: new Date() }),
      expired: await createTestKey(owner, { expiresAt: new Date(NOON - 1e11) }),
      insufficient_scope: await createTestKey(owner, { scopes: [] }),
    };
    for (const { token } of Object.values(keys))
      await verifyToken(token, { scopes: ["events.read"], ip: null }, context);
    await usage.flush();
    for (const [code, { id }] of Object.entries(keys)) {
      expect(await hoursOf(id)).toMatchObject([{ code, calls: 1n, lastIp: "198.51.100.7" }]);
      expect(await lastUseOf(id)).toBeNull();
    }
  });
});
