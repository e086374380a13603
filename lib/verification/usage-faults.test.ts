import { randomUUID } from "node:crypto";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { generateToken } from "@/lib/api-keys/token";
import { db } from "@/lib/db";
import { inAnotherProcess } from "@/lib/testing/another-process";
import { createTestDeveloper, createTestKeys, NOWHERE } from "@/lib/testing/fixtures";
import { usagePool } from "@/lib/verification/connections";
import { metrics } from "@/lib/verification/metrics";
import { type KeyOutcome, usage } from "@/lib/verification/usage";

const at = (second: number) => Date.parse("2026-06-15T12:00:00.000Z") + 1_000 * second;

/** Whose team a key is matters to lists alone. */
const counted = (id: string) => ({ id, team: { id: randomUUID() } });

/** One call, told by its second. */
const call = (recorder: typeof usage, keyId: string, second: number, code: KeyOutcome = "valid") =>
  recorder.note(counted(keyId), code, at(second), NOWHERE);

const createKeys = async (count: number) => createTestKeys(await createTestDeveloper(), Array(count).fill({}));
const createKey = async () => (await createKeys(1))[0] as string;
const anotherRecorder = async () => (await inAnotherProcess(() => import("@/lib/verification/usage"))).usage;

const lastUseOf = (keyId: string) =>
  db.apiKeyUsage.findUnique({ where: { keyId }, omit: { keyId: true, teamId: true } });

describe("a row that the database refuses", () => {
  test("of a key that is no longer there doesn't keep the others from being written", async () => {
    const ids = await createKeys(30);
    const gone = [randomUUID(), randomUUID(), randomUUID()];
    for (const id of [gone[0], ...ids.slice(0, 15), gone[1], ...ids.slice(15), gone[2]]) call(usage, id as string, 1);
    call(usage, gone[0] as string, 1, "revoked");
    await usage.flush();
    expect(await db.apiKeyUsage.count({ where: { keyId: { in: ids }, calls: 1 } })).toBe(ids.length);
  });

  test("isn't tried again for ever", async () => {
    call(usage, randomUUID(), 1);
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
  expect(await lastUseOf(other)).toMatchObject({ lastUsedAt: new Date(at(2)), calls: 1 });
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

test("a token that was sent as the user agent is kept by its start alone", async () => {
  const id = await createKey();
  const { token } = generateToken("personal");
  usage.note(counted(id), "valid", at(1), { ip: "192.0.2.1", userAgent: `curl "${token}" x` });
  await usage.flush();
  expect(await lastUseOf(id)).toMatchObject({ lastUsedUserAgent: `curl "${token.slice(0, 11)}" x` });
});

test("calls beyond what can wait are left out and said to be, and those that wait are written", {
  timeout: 60_000,
}, async () => {
  const MAX_PENDING = 100_000;
  const recorder = await anotherRecorder();
  const id = await createKey();
  const pending = (recorder as unknown as { pending: Map<string, unknown> }).pending;
  call(recorder, id, 1);
  for (let number = 1; number < MAX_PENDING; number++) pending.set(`waiting ${number}`, {});
  for (let number = 0; number < 7; number++) call(recorder, randomUUID(), 2);
  call(recorder, id, 3);
  expect(pending.size).toBe(MAX_PENDING);
  for (let number = 1; number < MAX_PENDING; number++) pending.delete(`waiting ${number}`);
  await recorder.flush();
  expect(await lastUseOf(id)).toMatchObject({ lastUsedAt: new Date(at(3)), calls: 2 });
});

test("what is left out of the counts is told by a metric", async () => {
  const read = async () =>
    (await metrics.registry.getSingleMetric("latchkey_usage_not_counted_total")?.get())?.values[0]?.value;
  const before = (await read()) ?? 0;
  const pending = (usage as unknown as { pending: Map<string, unknown> }).pending;
  const size = vi.spyOn(pending, "size", "get").mockReturnValue(100_000);
  for (let number = 0; number < 7; number++) call(usage, randomUUID(), 2);
  size.mockRestore();
  expect(await read()).toBe(before + 7);
});

test("shutting down writes what is pending", async () => {
  const { runShutdownHooks } = await import("@/lib/shutdown");
  const id = await createKey();
  const query = vi.spyOn(usagePool, "query");
  call(usage, id, 1);
  expect(await runShutdownHooks()).toEqual([]);
  const [sent, result] = [query.mock.calls[0]?.[0] as unknown as { values: string[] }, query.mock.results[0]];
  expect(sent.values[0]).toContain(id);
  await expect(result?.value).resolves.toMatchObject({ command: "INSERT" });
  query.mockRestore();
});
