import { randomUUID } from "node:crypto";
import pg from "pg";
import { describe, expect, test, vi } from "vitest";
import { generateToken } from "@/lib/api-keys/token";
import { recordedRefusals } from "@/lib/calls/recorded-refusals";
import { db } from "@/lib/database/db";
import { createTestDeveloper, createTestKey, createTestKeys } from "@/lib/testing/fixtures";
import { usagePool } from "@/lib/verification/connections";
import { metrics } from "@/lib/verification/metrics";
import type { Refusal } from "@/lib/verification/refusals";
import { verifyToken } from "@/lib/verification/verify-token";

const HOUR_MS = 3_600_000;
/** Within the retention period. */
const TWO_DAYS_AGO = Math.floor(Date.now() / HOUR_MS) * HOUR_MS - 48 * HOUR_MS;
/** Each test has hours of its own, so that no test uses up another's limits. */
let hour = 0;
const later = () => TWO_DAYS_AGO + ++hour * HOUR_MS;

const REVOKED: Refusal = { code: "revoked" };
const contextOf = (requestId = "r1") =>
  ({ endpoint: "me", requestId, client: { ip: "192.0.2.1", userAgent: "curl/8" } }) as const;

const createKeys = async (count: number) => createTestKeys(await createTestDeveloper(), Array(count).fill({}));
const createKey = async () => (await createKeys(1))[0] as string;

const refusalsOf = (keyId: string) =>
  db.apiKeyRefusal.findMany({ where: { keyId }, omit: { id: true, keyId: true }, orderBy: { at: "asc" } });

async function notKept(): Promise<number> {
  const { values = [] } = (await metrics.registry.getSingleMetric("latchkey_not_kept_total")?.get()) ?? {};
  return values.find(({ labels }) => labels.what === "refusal")?.value ?? 0;
}

test("a refusal is recorded with its rule, time, endpoint, client and request", async () => {
  const id = await createKey();
  const at = later();
  const missing = ["events.write", 'a "b" {c,d} \\', "NULL", ""];
  recordedRefusals.note(
    id,
    { code: "insufficient_scope", scopes: ["events.read"], missing },
    at,
    contextOf("order-4711"),
  );
  recordedRefusals.note(id, REVOKED, at + 1, { ...contextOf(), client: { ip: null, userAgent: null } });
  await recordedRefusals.flush();
  expect(await refusalsOf(id)).toEqual([
    {
      at: new Date(at),
      requestId: "order-4711",
      code: "insufficient_scope",
      endpoint: "me",
      ip: "192.0.2.1",
      userAgent: "curl/8",
      missing,
    },
    { at: new Date(at + 1), requestId: "r1", code: "revoked", endpoint: "me", ip: null, userAgent: null, missing: [] },
  ]);
});

test("a verification records why it refused an existing key, about a second later, and nothing about unknown tokens", async () => {
  const owner = await createTestDeveloper();
  const revoked = await createTestKey(owner, { revokedAt: new Date() });
  const good = await createTestKey(owner);
  const requestId = randomUUID();
  for (const token of [revoked.token, good.token, "garbage"])
    await verifyToken(token, { ip: null }, contextOf(requestId));
  const kept = () => db.apiKeyRefusal.findMany({ where: { requestId } });
  await expect.poll(kept).toMatchObject([{ keyId: revoked.id, code: "revoked" }]);
});

describe("whatever clients send", () => {
  test("five refusals a minute are recorded per key and reason", async () => {
    const [one, other] = (await createKeys(2)) as [string, string];
    const [at, before] = [later(), await notKept()];
    for (let number = 0; number < 1_000; number++) recordedRefusals.note(one, REVOKED, at + 58 * number, contextOf());
    recordedRefusals.note(one, { code: "expired" }, at + 59_000, contextOf());
    recordedRefusals.note(other, REVOKED, at + 59_000, contextOf());
    for (let number = 0; number < 7; number++) recordedRefusals.note(one, REVOKED, at + 60_000, contextOf());
    await recordedRefusals.flush();
    const count = (keyId: string, code: string) => db.apiKeyRefusal.count({ where: { keyId, code } });
    expect([await count(one, "revoked"), await count(one, "expired"), await count(other, "revoked")]).toEqual([
      10, 1, 1,
    ]);
    expect(await notKept()).toBe(before + 997);
  });

  test("two hundred refusals a second are recorded in total", async () => {
    const ids = await createKeys(500);
    const at = later();
    for (const id of ids) recordedRefusals.note(id, REVOKED, at, contextOf());
    for (const id of ids.toReversed()) recordedRefusals.note(id, REVOKED, at + 1_000, contextOf());
    await recordedRefusals.flush();
    const kept = (instant: number) => db.apiKeyRefusal.count({ where: { keyId: { in: ids }, at: new Date(instant) } });
    expect([await kept(at), await kept(at + 1_000)]).toEqual([200, 200]);
  });

  test("a bounded number is buffered", async () => {
    const at = later();
    await recordedRefusals.flush();
    for (let second = 0; second < 60; second++) {
      for (let number = 0; number < 300; number++) {
        recordedRefusals.note(`key ${number} ${second}`, REVOKED, at + 1_000 * second, contextOf());
      }
    }
    const query = vi.spyOn(usagePool, "query").mockImplementation((async () => ({ rows: [] })) as never);
    await recordedRefusals.flush();
    const rows = query.mock.calls.flatMap(([sent]) => (sent as unknown as { values: string[][] }).values[0]);
    query.mockRestore();
    expect(rows).toHaveLength(5_000);
  });

  test("long request ids and long lists of scopes are truncated", async () => {
    const id = await createKey();
    const missing = Array.from({ length: 200 }, (_, number) => `${number}`.padEnd(500, "x"));
    const refusal: Refusal = { code: "insufficient_scope", scopes: [], missing };
    recordedRefusals.note(id, refusal, later(), contextOf("r".repeat(10_000)));
    await recordedRefusals.flush();
    const [kept] = await refusalsOf(id);
    expect(kept?.requestId).toBe("r".repeat(64));
    expect(kept?.missing).toEqual(missing.slice(0, 20).map((scope) => scope.slice(0, 64)));
  });
});

test("of a token sent in the wrong place only its start is recorded, in any field", async () => {
  const id = await createKey();
  const { token } = generateToken("team");
  const refusal: Refusal = { code: "insufficient_scope", scopes: [], missing: ["events.read", token] };
  const client = { ip: "192.0.2.1", userAgent: `Bearer ${token}` };
  recordedRefusals.note(id, refusal, later(), { ...contextOf(token), client });
  await recordedRefusals.flush();
  const start = token.slice(0, 11);
  const kept = { requestId: start, userAgent: `Bearer ${start}`, missing: ["events.read", start] };
  expect(await refusalsOf(id)).toMatchObject([kept]);

  const escaped = (text: string) => text.replaceAll("_", "%5F");
  const other = await createKey();
  recordedRefusals.note(other, REVOKED, later(), { ...contextOf(), client: { ...client, userAgent: escaped(token) } });
  await recordedRefusals.flush();
  expect(await refusalsOf(other)).toMatchObject([{ userAgent: escaped(start) }]);
});

test("refusals of deleted keys don't prevent others from being written", async () => {
  const ids = await createKeys(20);
  const at = later();
  for (const id of [randomUUID(), ...ids.slice(0, 10), randomUUID(), ...ids.slice(10)]) {
    recordedRefusals.note(id, REVOKED, at, contextOf());
  }
  await recordedRefusals.flush();
  expect(await db.apiKeyRefusal.count({ where: { keyId: { in: ids } } })).toBe(20);
});

test("a refusal is stored once, even if the response to its write was lost", async () => {
  const id = await createKey();
  recordedRefusals.note(id, REVOKED, later(), contextOf());
  const run = usagePool.query.bind(usagePool);
  const lossy = vi.spyOn(usagePool, "query").mockImplementationOnce((async (sent: never) => {
    lossy.mockRestore();
    await run(sent);
    throw new Error("Connection terminated unexpectedly");
  }) as never);
  await recordedRefusals.flush();
  expect(await refusalsOf(id)).toHaveLength(1);
  await recordedRefusals.flush();
  expect(await refusalsOf(id)).toHaveLength(1);
});

test("shutdown flushes the buffer", async () => {
  const { runShutdownHooks } = await import("@/lib/shutdown");
  const id = await createKey();
  recordedRefusals.note(id, REVOKED, later(), contextOf());
  expect(await runShutdownHooks()).toEqual([]);
  // The pools of this process are closed now.
  const client = new pg.Client(process.env.DATABASE_URL);
  await client.connect();
  expect((await client.query("select code from api_key_refusals where key_id = $1", [id])).rows).toEqual([REVOKED]);
  await client.end();
});
