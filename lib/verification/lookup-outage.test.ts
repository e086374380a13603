// What is held up and watched here are the answers to look-ups, and no others.
import "@/lib/testing/without-lease";

import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { pool } from "@/lib/database/db";
import { DatabaseProxy } from "@/lib/testing/database-proxy";
import { createTestDeveloper, createTestKey } from "@/lib/testing/fixtures";

const databaseUrl = process.env.DATABASE_URL ?? "";
const proxy = new DatabaseProxy(databaseUrl);
await proxy.open();
process.env.DATABASE_URL = proxy.url;

// Only now: these pools connect through the proxy, while those imported above do without.
const { lookupPool } = await import("@/lib/verification/connections");
const { findKey } = await import("@/lib/verification/verify-token");

/** A gateway waits a second; what is on top of it is for a test machine that is busy with other things. */
const ONE_SECOND_MS = 1_000 + 700;

const revoke = (id: string) => pool.query("update api_keys set revoked_at = now() where id = $1", [id]);
const newKey = async () => createTestKey(await createTestDeveloper());

/** How long it took to be rejected; fails when it wasn't. */
async function untilRejected(promise: Promise<unknown>): Promise<number> {
  const started = performance.now();
  await expect(promise).rejects.toThrow();
  return performance.now() - started;
}

beforeEach(() => proxy.open());
afterAll(async () => {
  process.env.DATABASE_URL = databaseUrl;
  await proxy.cut();
});

describe("a request that comes after a revocation has committed", () => {
  test("doesn't share the answer that the database gave to an earlier one before it", async () => {
    const { id, token } = await newKey();
    await findKey(token);
    const answered = proxy.hold();
    const early = findKey(token);
    await answered;
    await revoke(id);
    const late = findKey(token);
    proxy.release();
    expect([(await early)?.revokedAt, (await late)?.revokedAt]).toEqual([null, expect.any(Date)]);
  });

  test("sees it also when the connection is busy and it has to wait for it", async () => {
    const { id, token } = await newKey();
    await findKey(token);
    const answered = proxy.hold();
    const early = [findKey(token)];
    await answered;
    early.push(findKey(token));
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    await revoke(id);
    const late = findKey(token);
    proxy.release();
    await Promise.all(early);
    expect((await late)?.revokedAt).toEqual(expect.any(Date));
  });
});

describe("when the database doesn't answer", () => {
  test("a look-up rejects within a second, on a connection that is open", async () => {
    const { token } = await newKey();
    await findKey(token);
    void proxy.hold();
    expect(await untilRejected(findKey(token))).toBeLessThan(ONE_SECOND_MS);
    proxy.release();
  });

  test("a look-up rejects within a second, also one that waits for a connection", async () => {
    const { token } = await newKey();
    await findKey(token);
    void proxy.hold();
    const waits: Promise<number>[] = [];
    for (let turn = 0; turn < 6; turn++) {
      waits.push(untilRejected(findKey(token)));
      await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    }
    expect(Math.max(...(await Promise.all(waits)))).toBeLessThan(ONE_SECOND_MS);
    proxy.release();
  });

  test("a look-up rejects within a second, on a connection that would have to be opened", async () => {
    const { token } = await newKey();
    await proxy.cut();
    await expect.poll(() => lookupPool.totalCount).toBe(0);
    await proxy.openSilently();
    expect(await untilRejected(findKey(token))).toBeLessThan(ONE_SECOND_MS);
    await proxy.cut();
  });

  test("each of many rejects within a second, however long it lasts, and none piles up behind", async () => {
    const { token } = await newKey();
    await proxy.cut();
    await proxy.openSilently();
    const waits: Promise<number>[] = [];
    for (const end = performance.now() + 3_000; performance.now() < end; ) {
      for (let count = 0; count < 20; count++) waits.push(untilRejected(findKey(token)));
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(Math.max(...(await Promise.all(waits)))).toBeLessThan(ONE_SECOND_MS);
    expect(lookupPool.waitingCount).toBe(0);
    await proxy.cut();
  });

  test("and is gone, a look-up rejects at once", async () => {
    const { token } = await newKey();
    await proxy.cut();
    expect(await untilRejected(findKey(token))).toBeLessThan(ONE_SECOND_MS);
  });
});

describe("when the database is back", () => {
  test("look-ups find what is there also when connecting takes longer than they may wait", async () => {
    const { id, token } = await newKey();
    await proxy.cut();
    await untilRejected(findKey(token));
    // Signing in to PostgreSQL takes three answers, a look-up one.
    proxy.answerDelayMs = 300;
    await proxy.open();
    await expect.poll(() => findKey(token).catch(() => null)).toMatchObject({ id });
    proxy.answerDelayMs = 0;
  });

  test.each([
    ["gone", () => proxy.cut()],
    ["silent", () => proxy.cut().then(() => proxy.openSilently())],
  ])("after it was %s, look-ups find what is there, by themselves", async (_, spoil) => {
    const { id, token } = await newKey();
    await spoil();
    await untilRejected(findKey(token));
    await proxy.cut();
    await revoke(id);
    await proxy.open();
    await expect.poll(() => findKey(token).catch(() => null)).toMatchObject({ id });
    expect((await findKey(token))?.revokedAt).toEqual(expect.any(Date));
  });

  test("after it hung on an open connection, look-ups find what is there, by themselves", async () => {
    const { id, token } = await newKey();
    await findKey(token);
    void proxy.hold();
    await untilRejected(findKey(token));
    await revoke(id);
    proxy.release();
    await expect.poll(() => findKey(token).catch(() => null)).toMatchObject({ id });
    expect((await findKey(token))?.revokedAt).toEqual(expect.any(Date));
  });
});
