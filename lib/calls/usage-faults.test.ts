import { randomUUID } from "node:crypto";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { generateToken } from "@/lib/api-keys/token";
import { type KeyOutcome, usage } from "@/lib/calls/usage";
import { db } from "@/lib/database/db";
import { createTestDeveloper, createTestKeys, NOWHERE } from "@/lib/testing/fixtures";
import { usagePool } from "@/lib/verification/connections";
import { metrics } from "@/lib/verification/metrics";

const at = (second: number) => Date.parse("2026-06-15T12:00:00.000Z") + 1_000 * second;

/** The team id only matters for lists. */
const counted = (id: string) => ({ id, team: { id: randomUUID() } });

/** One call, identified by its second. */
const call = (recorder: typeof usage, keyId: string, second: number, code: KeyOutcome = "valid") =>
  recorder.note(counted(keyId), code, at(second), NOWHERE);

const createKeys = async (count: number) => createTestKeys(await createTestDeveloper(), Array(count).fill({}));
const createKey = async () => (await createKeys(1))[0] as string;

const lastUseOf = (keyId: string) =>
  db.apiKeyUsage.findUnique({ where: { keyId }, omit: { keyId: true, teamId: true } });

/** Epoch milliseconds beyond the range of PostgreSQL's timestamps. */
const NO_TIME = 1e20;

describe("a row that the database rejects", () => {
  test("doesn't prevent others from being written", async () => {
    const ids = await createKeys(33);
    const bad = new Set([0, 16, 32].map((place) => ids[place] as string));
    for (const id of ids) usage.note(counted(id), "valid", bad.has(id) ? NO_TIME : at(1), NOWHERE);
    usage.note(counted(ids[0] as string), "revoked", NO_TIME, NOWHERE);
    await usage.flush();
    const written = await db.apiKeyUsage.findMany({ where: { keyId: { in: ids }, calls: 1 } });
    expect(new Set(written.map(({ keyId }) => keyId))).toEqual(new Set(ids.filter((id) => !bad.has(id))));
  });

  test("isn't retried", async () => {
    usage.note(counted(await createKey()), "valid", NO_TIME, NOWHERE);
    await usage.flush();
    const query = vi.spyOn(usagePool, "query");
    onTestFinished(() => query.mockRestore());
    await usage.flush();
    expect(query).not.toHaveBeenCalled();
  });
});

test.each([
  ["quotes", `"Mozilla" 'x' ""`],
  ["backslashes", String.raw`C:\new\0\\`],
  ["braces and commas", "{a,b},{},{"],
  ["the word for nothing", "NULL"],
  ["nothing at all", ""],
  ["spaces around it", "  agent  "],
  ["a line break", "a\nb\tc"],
  ["letters of all the world", "агент エージェント ñ"],
  ["emoji", "🦊 curl/8 👩‍💻"],
  ["statements", `'); drop table api_keys; --`],
])("a user agent with %s is kept as it came", async (_, userAgent) => {
  const [id, other] = (await createKeys(2)) as [string, string];
  usage.note(counted(id), "valid", at(1), { ip: "2001:db8::7", userAgent });
  call(usage, other, 2);
  await usage.flush();
  expect(await lastUseOf(id)).toMatchObject({ lastUsedIp: "2001:db8::7", lastUsedUserAgent: userAgent });
  expect(await lastUseOf(other)).toMatchObject({ lastUsedAt: new Date(at(2)), calls: 1n });
});

test.each([
  ["a NUL, which PostgreSQL can't hold, without it", "a\0b\0", "ab"],
  ["half an emoji, cut at its end, with a mark in its place", `fox ${"🦊".slice(0, 1)}`, "fox \ufffd"],
])("a user agent with %s is written", async (_, userAgent, kept) => {
  const id = await createKey();
  usage.note(counted(id), "valid", at(1), { ip: "unknown", userAgent });
  await usage.flush();
  expect(await lastUseOf(id)).toMatchObject({ lastUsedIp: "unknown", lastUsedUserAgent: kept });
});

test("of a token sent as the user agent only its start is stored", async () => {
  const id = await createKey();
  const { token } = generateToken("personal");
  usage.note(counted(id), "valid", at(1), { ip: "192.0.2.1", userAgent: `curl "${token}" x` });
  await usage.flush();
  expect(await lastUseOf(id)).toMatchObject({ lastUsedUserAgent: `curl "${token.slice(0, 11)}" x` });
});

test("calls beyond the buffer's capacity are dropped and counted by a metric, and the buffered ones are written", async () => {
  const MAX_PENDING = 100_000;
  const leftOut = async () =>
    (await metrics.registry.getSingleMetric("latchkey_usage_not_counted_total")?.get())?.values[0]?.value ?? 0;
  const before = await leftOut();
  const id = await createKey();
  call(usage, id, 1);
  const strangers = Array.from({ length: MAX_PENDING - 1 }, () => randomUUID());
  for (const stranger of strangers) call(usage, stranger, 1, "revoked");
  for (let number = 0; number < 7; number++) call(usage, randomUUID(), 2);
  call(usage, id, 3);
  expect(await leftOut()).toBe(before + 7);
  await usage.flush();
  expect(await lastUseOf(id)).toMatchObject({ lastUsedAt: new Date(at(3)), calls: 2n });
  await usagePool.query("delete from api_key_hours where key_id = any($1)", [strangers]);
});

test("shutdown flushes the buffer", async () => {
  const { runShutdownHooks } = await import("@/lib/shutdown");
  const id = await createKey();
  const query = vi.spyOn(usagePool, "query");
  call(usage, id, 1);
  expect(await runShutdownHooks()).toEqual([]);
  await expect(query.mock.results[0]?.value).resolves.toMatchObject({ command: "INSERT", rowCount: 1 });
  query.mockRestore();
});
