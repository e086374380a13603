import { describe, expect, test, vi } from "vitest";
import { db, pool } from "@/lib/db";
import { createTestDeveloper, createTestKey, createTestKeys, NOWHERE } from "@/lib/testing/fixtures";
import { usage } from "@/lib/verification/usage";
import { verifyToken } from "@/lib/verification/verify-token";

const at = (second: number) => new Date(Date.parse("2026-06-15T12:00:00.000Z") + second * 1_000);
const use = (second: number) => ({ at: at(second), ip: `192.0.2.${second % 250}`, userAgent: `agent ${second}` });

/** What another console or verifier would have: its own memory, the same database. */
async function anotherRecorder(): Promise<typeof usage> {
  const shared = globalThis as { latchkeyUsage?: typeof usage };
  const ours = shared.latchkeyUsage;
  shared.latchkeyUsage = undefined;
  vi.resetModules();
  const { usage: theirs } = await import("@/lib/verification/usage");
  shared.latchkeyUsage = ours;
  return theirs;
}

const lastUseOf = (id: string) =>
  db.apiKey.findUniqueOrThrow({
    where: { id },
    select: { lastUsedAt: true, lastUsedIp: true, lastUsedUserAgent: true },
  });

async function createKeys(count: number): Promise<string[]> {
  return createTestKeys(await createTestDeveloper(), Array(count).fill({}));
}

describe("the last use of a key", () => {
  test("is written with when, from where and with what", async () => {
    const [id = ""] = await createKeys(1);
    usage.note(id, use(1));
    await usage.flush();
    expect(await lastUseOf(id)).toEqual({ lastUsedAt: at(1), lastUsedIp: "192.0.2.1", lastUsedUserAgent: "agent 1" });
  });

  test("is the latest of many within a second", async () => {
    const ids = await createKeys(3);
    for (const second of [1, 2, 3]) for (const id of ids) usage.note(id, use(second));
    await usage.flush();
    for (const id of ids) expect(await lastUseOf(id)).toMatchObject({ lastUsedAt: at(3), lastUsedIp: "192.0.2.3" });
  });

  test("never goes backwards when two consoles write in the wrong order", async () => {
    const [id = ""] = await createKeys(1);
    const other = await anotherRecorder();
    expect(other).not.toBe(usage);
    usage.note(id, use(5));
    other.note(id, use(9));
    await other.flush();
    await usage.flush();
    expect(await lastUseOf(id)).toEqual({ lastUsedAt: at(9), lastUsedIp: "192.0.2.9", lastUsedUserAgent: "agent 9" });
  });

  test("is the latest also when two consoles write the same keys at once, and neither waits for the other forever", async () => {
    const ROUNDS = 9;
    const ids = await createKeys(1_000);
    const other = await anotherRecorder();
    const query = vi.spyOn(pool, "query");
    for (let round = 1; round <= ROUNDS; round++) {
      for (const id of ids) usage.note(id, use(10 * round + (round % 2)));
      for (const id of ids.toReversed()) other.note(id, use(10 * round));
      await Promise.all([usage.flush(), other.flush()]);
    }
    // A deadlock would have been kept for later and not thrown: ask each write how it went.
    await expect(Promise.all(query.mock.results.map(({ value }) => value))).resolves.toHaveLength(2 * ROUNDS);
    query.mockRestore();
    expect(await db.apiKey.count({ where: { id: { in: ids }, lastUsedAt: at(10 * ROUNDS + 1) } })).toBe(ids.length);
  });

  test("of a key that is no longer there doesn't keep the others' from being written", async () => {
    const [id = ""] = await createKeys(1);
    usage.note(crypto.randomUUID(), use(1));
    usage.note(id, use(1));
    await usage.flush();
    expect(await lastUseOf(id)).toMatchObject({ lastUsedAt: at(1) });
  });
});

describe("a verification", () => {
  test("notes the use of a good token, which is written by itself about a second later", async () => {
    const { id, token } = await createTestKey(await createTestDeveloper());
    const started = Date.now();
    await verifyToken(token, {}, { ip: "198.51.100.7", userAgent: "curl/8" });
    await expect.poll(async () => (await lastUseOf(id)).lastUsedAt, { timeout: 5_000 }).not.toBeNull();
    const { lastUsedAt, ...from } = await lastUseOf(id);
    expect(lastUsedAt?.getTime()).toBeGreaterThanOrEqual(started);
    expect(from).toEqual({ lastUsedIp: "198.51.100.7", lastUsedUserAgent: "curl/8" });
  });

  test("that refuses notes nothing", async () => {
    const owner = await createTestDeveloper();
    const revoked = await createTestKey(owner, { revokedAt: at(0) });
    const expired = await createTestKey(owner, { expiresAt: at(0) });
    const narrow = await createTestKey(owner, { scopes: [] });
    for (const { token } of [revoked, expired, narrow]) await verifyToken(token, { scope: "events.read" }, NOWHERE);
    await usage.flush();
    for (const { id } of [revoked, expired, narrow]) expect((await lastUseOf(id)).lastUsedAt).toBeNull();
  });
});

test("shutting down writes what is pending", async () => {
  const { runShutdownHooks } = await import("@/lib/shutdown");
  const [id = ""] = await createKeys(1);
  const query = vi.spyOn(pool, "query");
  usage.note(id, use(1));
  expect(await runShutdownHooks()).toEqual([]);
  expect(query.mock.calls.flat()).toContainEqual(expect.objectContaining({ name: "usage-flush" }));
  query.mockRestore();
});
