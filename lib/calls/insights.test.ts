import { randomUUID } from "node:crypto";
import pg from "pg";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { insights } from "@/lib/calls/insights";
import { usage } from "@/lib/calls/usage";
import { db } from "@/lib/database/db";
import type { RequestContext } from "@/lib/http/request-context";
import { inAnotherProcess } from "@/lib/testing/another-process";
import { createTestDeveloper, createTestKey, createTestKeys, NOWHERE } from "@/lib/testing/fixtures";
import { usagePool } from "@/lib/verification/connections";
import { metrics } from "@/lib/verification/metrics";
import { verifyToken } from "@/lib/verification/verify-token";

const NOON = Date.parse("2026-06-15T12:00:00.000Z");
const at = (second: number) => NOON + 1_000 * second;
const time = (second: number) => new Date(at(second));
const HOUR = 3_600;

const from = (ip: string | null, userAgent: string | null = "curl/8") => ({ ip, userAgent });

const call = (keyId: string, scopes: string[], at: number, context: RequestContext) => ({
  ...{ keyId, scopes, ...context },
  ...{ firstAt: at, at, calls: 1 },
});

const createKeys = async (count: number) => createTestKeys(await createTestDeveloper(), Array(count).fill({}));
const createKey = async () => (await createKeys(1))[0] as string;
const anotherProcess = () => inAnotherProcess(() => import("@/lib/calls/insights"));

const addressesOf = (keyId: string) =>
  db.apiKeyAddress.findMany({ where: { keyId }, omit: { keyId: true }, orderBy: { ip: "asc" } });
const scopeUsesOf = async (keyId: string) =>
  Object.fromEntries(
    (await db.apiKeyScopeUse.findMany({ where: { keyId } })).map(({ scope, lastAt }) => [scope, lastAt]),
  );

async function notKept(what: string): Promise<number> {
  const { values = [] } = (await metrics.registry.getSingleMetric("latchkey_not_kept_total")?.get()) ?? {};
  return values.find(({ labels }) => labels.what === what)?.value ?? 0;
}

/** A failed write is retried, not thrown: record the outcome of each statement. */
function watchWrites(...pools: (typeof usagePool)[]) {
  const queries = pools.map((pool) => vi.spyOn(pool, "query"));
  onTestFinished(() => queries.forEach((query) => void query.mockRestore()));
  const isOfInsights = ([statement]: unknown[]) => /^(addresses|scopes)-/.test((statement as { name: string }).name);
  return () =>
    queries.flatMap(({ mock: { calls, results } }) =>
      results.flatMap(({ value }, place) =>
        isOfInsights(calls[place] as unknown[]) ? [value as Promise<unknown>] : [],
      ),
    );
}

describe("the addresses of a key", () => {
  test("are recorded with their first and latest call, its user agent, and the number of calls in its hour", async () => {
    const id = await createKey();
    insights.note(call(id, [], at(1), from("192.0.2.1", "old")));
    insights.note(call(id, [], at(3), from("192.0.2.1", "new")));
    insights.note(call(id, [], at(2), from("192.0.2.1", "late")));
    insights.note(call(id, [], at(2), from("2001:db8::7", null)));
    await insights.flush();
    const hour = time(0);
    expect(await addressesOf(id)).toEqual([
      { ip: "192.0.2.1", userAgent: "new", firstAt: time(1), lastAt: time(3), hour, calls: 3n },
      { ip: "2001:db8::7", userAgent: null, firstAt: time(2), lastAt: time(2), hour, calls: 1n },
    ]);
  });

  test.each(["within a flush", "over several flushes"])("count anew with a later hour, %s", async (where) => {
    const id = await createKey();
    for (const second of [0, 10, HOUR - 1, HOUR, HOUR + 1]) {
      insights.note(call(id, [], at(second), from("192.0.2.1")));
      if (where === "over several flushes") await insights.flush();
    }
    await insights.flush();
    expect(await addressesOf(id)).toMatchObject([
      { firstAt: time(0), lastAt: time(HOUR + 1), hour: time(HOUR), calls: 2n },
    ]);
  });

  test("never move back when two processes write out of order", async () => {
    const id = await createKey();
    const other = (await anotherProcess()).insights;
    insights.note(call(id, [], at(5), from("192.0.2.1", "earlier")));
    insights.note(call(id, [], at(0), from("192.0.2.2", "an hour ago")));
    other.note(call(id, [], at(9), from("192.0.2.1", "later")));
    other.note(call(id, [], at(HOUR), from("192.0.2.2", "now")));
    await other.flush();
    await insights.flush();
    expect(await addressesOf(id)).toMatchObject([
      { userAgent: "later", firstAt: time(5), lastAt: time(9), calls: 2n },
      { userAgent: "now", firstAt: time(0), lastAt: time(HOUR), hour: time(HOUR), calls: 1n },
    ]);
  });

  test("are not recorded when the client's address is unknown", async () => {
    const id = await createKey();
    insights.note(call(id, ["events.read"], at(1), NOWHERE));
    await insights.flush();
    expect(await addressesOf(id)).toEqual([]);
    expect(await scopeUsesOf(id)).toEqual({ "events.read": time(1) });
  });
});

describe("the scopes of a key", () => {
  test("are recorded with their last use, one row each", async () => {
    const id = await createKey();
    const other = (await anotherProcess()).insights;
    insights.note(call(id, ["events.read", "events.write"], at(1), NOWHERE));
    insights.note(call(id, ["events.read"], at(4), NOWHERE));
    insights.note(call(id, ["events.read"], at(3), NOWHERE));
    other.note(call(id, ["events.read"], at(2), NOWHERE));
    other.note(call(id, ["events.write"], at(2), NOWHERE));
    await insights.flush();
    await other.flush();
    expect(await scopeUsesOf(id)).toEqual({ "events.read": time(4), "events.write": time(2) });
  });

  test("are recorded only when requested and granted", async () => {
    const { id, token } = await createTestKey(await createTestDeveloper(), { scopes: ["events.read", "reports.read"] });
    const context = { endpoint: "forward-auth", requestId: "r1", client: from("198.51.100.7") } as const;
    const ask = (scopes?: string[], method?: string) => verifyToken(token, { scopes, method, ip: null }, context);
    await ask(["reports.read", "events.write"]);
    await ask(["reports.read"], "POST");
    await ask(undefined, "GET");
    await ask();
    await usage.flush();
    await insights.flush();
    expect(await scopeUsesOf(id)).toEqual({});
    await ask(["events.read"], "GET");
    await usage.flush();
    await insights.flush();
    expect(Object.keys(await scopeUsesOf(id))).toEqual(["events.read"]);
    // Refused calls don't count as use.
    expect(await addressesOf(id)).toMatchObject([{ ip: "198.51.100.7", calls: 3n }]);
  });
});

/** Until the test ends, the database accepts every statement and does nothing. Returns the key ids in a statement's rows. */
function swallowWrites(): (statement: string) => string[] {
  const query = vi.spyOn(usagePool, "query").mockImplementation((async () => ({ rows: [] })) as never);
  onTestFinished(() => void query.mockRestore());
  return (statement) =>
    (query.mock.calls as unknown as [{ name: string; values: string[][] }][])
      .filter(([{ name }]) => name.startsWith(`${statement}-`))
      .flatMap(([{ values }]) => values[0] ?? []);
}

describe("whatever clients send", () => {
  test("a key used from a hundred thousand addresses takes a hundred places, and none from other keys", {
    timeout: 60_000,
  }, async () => {
    const recorder = (await anotherProcess()).insights;
    const [flooded, quiet] = (await createKeys(2)) as [string, string];
    for (let number = 0; number < 100_000; number++) {
      recorder.note(
        call(flooded, ["events.read"], at(1), from(`10.${number >> 16}.${(number >> 8) & 255}.${number & 255}`)),
      );
    }
    recorder.note(call(quiet, ["events.read"], at(1), from("192.0.2.1")));
    await recorder.flush();
    expect(await db.apiKeyAddress.count({ where: { keyId: flooded } })).toBe(100);
    expect(await addressesOf(quiet)).toMatchObject([{ ip: "192.0.2.1", calls: 1n }]);
    expect(await scopeUsesOf(flooded)).toEqual({ "events.read": time(1) });
  });

  test("at most ten thousand keys, addresses and scopes are buffered, and a metric counts the dropped rest", async () => {
    const before = { key: await notKept("key"), address: await notKept("address"), scope: await notKept("scope") };
    await insights.flush();
    const scopes = ["events.read", "events.write"];
    for (let number = 0; number < 10_007; number++) {
      const id = `key ${number}`;
      insights.note(call(id, scopes, at(1), from("192.0.2.1")));
      insights.note(call(id, [], at(1), from("192.0.2.2")));
    }
    const rowsOf = swallowWrites();
    await insights.flush();
    expect(rowsOf("addresses")).toHaveLength(10_000);
    expect(rowsOf("scopes")).toHaveLength(10_000);
    expect(await notKept("key")).toBe(before.key + 14);
    expect(await notKept("address")).toBe(before.address + 10_000);
    expect(await notKept("scope")).toBe(before.scope + 10_000);
  });

  test("a text too long for an address is dropped", async () => {
    const id = await createKey();
    const before = await notKept("address");
    insights.note(call(id, ["events.read"], at(1), from("9".repeat(5_000))));
    await insights.flush();
    expect(await addressesOf(id)).toEqual([]);
    expect(await notKept("address")).toBe(before + 1);
  });
});

test("rows of deleted keys don't prevent others from being written, and are not retried", async () => {
  const ids = await createKeys(20);
  for (const id of [randomUUID(), ...ids.slice(0, 10), randomUUID(), ...ids.slice(10), randomUUID()]) {
    insights.note(call(id, ["events.read"], at(1), from("192.0.2.1")));
  }
  await insights.flush();
  expect(await db.apiKeyAddress.count({ where: { keyId: { in: ids } } })).toBe(20);
  expect(await db.apiKeyScopeUse.count({ where: { keyId: { in: ids } } })).toBe(20);
  const writes = watchWrites(usagePool);
  await insights.flush();
  expect(writes()).toEqual([]);
});

test("two processes that write the same keys at once neither deadlock nor lose a call", {
  timeout: 60_000,
}, async () => {
  const ROUNDS = 4;
  // With two addresses each, as many rows as fit into one statement.
  const KEYS = 500;
  const ids = await createKeys(KEYS);
  const other = await inAnotherProcess(async () => ({
    ...(await import("@/lib/calls/insights")),
    ...(await import("@/lib/verification/connections")),
  }));
  const writes = watchWrites(usagePool, other.usagePool);
  const ips = ["192.0.2.2", "192.0.2.1"];
  for (let round = 1; round <= ROUNDS; round++) {
    for (const id of ids) for (const ip of ips) insights.note(call(id, ["events.read", "a"], at(round), from(ip)));
    for (const id of ids.toReversed())
      for (const ip of ips.toReversed()) other.insights.note(call(id, ["a"], at(round), from(ip)));
    await Promise.all([insights.flush(), other.insights.flush()]);
  }
  await expect(Promise.all(writes())).resolves.toHaveLength(2 * 2 * ROUNDS);
  const calls = { keyId: { in: ids }, lastAt: time(ROUNDS), calls: 2 * ROUNDS };
  expect(await db.apiKeyAddress.count({ where: calls })).toBe(2 * KEYS);
  expect(await db.apiKeyScopeUse.count({ where: { keyId: { in: ids }, lastAt: time(ROUNDS) } })).toBe(2 * KEYS);
});

test("shutdown flushes the buffer, including calls counted just before", async () => {
  const { runShutdownHooks } = await import("@/lib/shutdown");
  const actor = await createTestDeveloper();
  const { id } = await createTestKey(actor);
  usage.note({ id, team: { id: actor.teamId } }, "valid", at(1), from("192.0.2.1"), ["events.read"]);
  expect(await runShutdownHooks()).toEqual([]);
  // The pools of this process are closed now.
  const client = new pg.Client(process.env.DATABASE_URL);
  await client.connect();
  const written = "select ip, scope from api_key_addresses join api_key_scope_uses using (key_id) where key_id = $1";
  expect((await client.query(written, [id])).rows).toEqual([{ ip: "192.0.2.1", scope: "events.read" }]);
  await client.end();
});
