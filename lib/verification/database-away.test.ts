import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { generateToken } from "@/lib/api-keys/token";
import { db } from "@/lib/database/db";
import { DatabaseProxy } from "@/lib/testing/database-proxy";
import { createTestDeveloper, createTestKey, NOWHERE } from "@/lib/testing/fixtures";

const databaseUrl = process.env.DATABASE_URL ?? "";
const proxy = new DatabaseProxy(databaseUrl);
await proxy.open();
process.env.DATABASE_URL = proxy.url;

// Imported only now: verification connects through the proxy, the fixtures above directly.
const { readiness } = await import("@/lib/database/readiness");
const { apiRoute } = await import("@/lib/http/routes");
const { lookupPool, usagePool } = await import("@/lib/verification/connections");
const { insights } = await import("@/lib/calls/insights");
const { recordedRefusals } = await import("@/lib/calls/recorded-refusals");
const { metrics } = await import("@/lib/verification/metrics");
const { requireScope } = await import("@/lib/verification/require-scope");
const { usage } = await import("@/lib/calls/usage");
const { verifyToken } = await import("@/lib/verification/verify-token");

const CONTEXT = { endpoint: "me", requestId: "r1", client: NOWHERE } as const;

const route = apiRoute(async (request) => (await requireScope(request, "events.read")).key.id);

function call(token: string): Promise<Response> {
  return route(new Request("http://localhost/", { headers: { authorization: `Bearer ${token}` } }));
}

const keys = async () => {
  const owner = await createTestDeveloper();
  const good = await createTestKey(owner);
  const revoked = await createTestKey(owner, { revokedAt: new Date() });
  return { good, revoked };
};

const gauge = async (name: string) => (await metrics.registry.getSingleMetric(name)?.get())?.values[0]?.value;

beforeEach(() => proxy.open());
afterAll(async () => {
  process.env.DATABASE_URL = databaseUrl;
  await proxy.cut();
});

test.each([
  ["look-ups", lookupPool],
  ["counts", usagePool],
])("the process lives on when idle connections of the %s break", async (_, pool) => {
  await pool.query("select 1");
  await proxy.cut();
  await expect.poll(() => pool.totalCount).toBe(0);
  await proxy.open();
  await expect(pool.query("select 1")).resolves.toBeDefined();
});

describe("while the database is unavailable", () => {
  test("a verification is neither valid nor invalid: it rejects", async () => {
    const { good, revoked } = await keys();
    await proxy.cut();
    for (const { token } of [good, revoked]) {
      await expect(verifyToken(token, { ip: null }, CONTEXT)).rejects.toThrow();
    }
  });

  test("a request with any token gets 503, which says nothing about the token or the failure", async () => {
    const { good, revoked } = await keys();
    await proxy.cut();
    for (const { token } of [good, revoked]) {
      const response = await call(token);
      expect(response.status).toBe(503);
      expect(response.headers.get("retry-after")).toBe("1");
      expect(response.headers.get("www-authenticate")).toBeNull();
      const body = await response.text();
      expect(JSON.parse(body)).toMatchObject({ success: false, code: "unavailable", status: 503 });
      expect(body).not.toMatch(/ECONN|127\.0\.0\.1|lk_pat_/);
    }
  });

  test("many requests at once on open connections get 503 too", async () => {
    const { good } = await keys();
    await Promise.all(Array.from({ length: 20 }, () => call(good.token)));
    await proxy.cut();
    const responses = await Promise.all(Array.from({ length: 50 }, () => call(good.token)));
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([503]));
  });

  test("garbage is still refused as garbage", async () => {
    await proxy.cut();
    expect((await call("garbage")).status).toBe(401);
  });

  test("the process reports that it isn't ready, and stays alive", async () => {
    await proxy.cut();
    await expect.poll(readiness).toEqual({ database: "unreachable", migrations: "unknown" });
  });

  test("calls that can't be written stay in the buffer, and are written once each when it is back", async () => {
    const { good, revoked } = await keys();
    const at = (second: number) => Date.parse("2026-06-15T12:00:00.000Z") + second * 1_000;
    usage.note(good, "valid", at(1), NOWHERE);
    usage.note(revoked, "revoked", at(1), NOWHERE);
    await proxy.cut();
    const failing = usage.flush();
    usage.note(good, "valid", at(2), NOWHERE);
    await failing;
    await usage.flush();
    await proxy.open();
    await usage.flush();
    await usage.flush();
    const use = { lastUsedAt: new Date(at(2)), calls: 2n };
    expect(await db.apiKeyUsage.findUnique({ where: { keyId: good.id } })).toMatchObject(use);
    expect(await db.apiKeyHour.findMany({ where: { keyId: revoked.id } })).toMatchObject([
      { code: "revoked", calls: 1n },
    ]);
  });

  test("the flush lag metric grows with every failing flush until the calls are written", async () => {
    const { good } = await keys();
    await usage.flush();
    expect(await gauge("latchkey_usage_flush_lag_seconds")).toBe(0);
    const begun = performance.now();
    usage.note(good, "valid", Date.now(), NOWHERE);
    const noted = performance.now();
    await proxy.cut();
    for (let time = 0; time < 3; time++) {
      await delay(200);
      await usage.flush();
      const waited = (performance.now() - noted) / 1_000;
      expect(await gauge("latchkey_usage_flush_lag_seconds")).toBeGreaterThanOrEqual(waited);
      usage.note(good, "valid", Date.now(), NOWHERE);
    }
    expect(await gauge("latchkey_usage_flush_lag_seconds")).toBeLessThanOrEqual((performance.now() - begun) / 1_000);
    await proxy.open();
    await expect.poll(() => usage.flush().then(() => gauge("latchkey_usage_flush_lag_seconds"))).toBe(0);
  });

  test("unavailable decisions and unknown tokens are counted in the metrics that alerts watch", async () => {
    const { good } = await keys();
    const counted = async (code: string) => {
      const { values } = (await metrics.registry.getSingleMetric("latchkey_decisions_total")?.get()) ?? { values: [] };
      return values.find(({ labels }) => labels.endpoint === "handler" && labels.code === code)?.value ?? 0;
    };
    const before = await Promise.all(["unavailable", "not_found"].map(counted));
    await call(generateToken("personal").token);
    await proxy.cut();
    await call(good.token);
    expect(await Promise.all(["unavailable", "not_found"].map(counted))).toEqual(before.map((count) => count + 1));
  });

  test("addresses, scopes and refusals that can't be written stay buffered, and are written once each when it is back", async () => {
    const { good, revoked } = await keys();
    const now = Math.floor(Date.now() / 3_600_000) * 3_600_000;
    const call = (scopes: string[], at: number, ip: string) => ({
      ...{ keyId: good.id, scopes, ip, userAgent: null },
      ...{ firstAt: at, at, calls: 1 },
    });
    const refuse = (at: number) => recordedRefusals.note(revoked.id, { code: "revoked" }, at, CONTEXT);
    for (const ip of ["192.0.2.1", "192.0.2.2"]) insights.note(call(["events.read"], now + 1, ip));
    refuse(now + 1);
    await proxy.cut();
    const failing = [insights.flush(), recordedRefusals.flush()];
    insights.note(call(["events.read", "events.write"], now + 2, "192.0.2.1"));
    refuse(now + 2);
    await Promise.all(failing);
    await proxy.open();
    for (let time = 0; time < 2; time++) await Promise.all([insights.flush(), recordedRefusals.flush()]);
    const where = { keyId: good.id };
    expect(await db.apiKeyAddress.findMany({ where, orderBy: { ip: "asc" } })).toMatchObject([
      { ip: "192.0.2.1", firstAt: new Date(now + 1), lastAt: new Date(now + 2), calls: 2n },
      { ip: "192.0.2.2", firstAt: new Date(now + 1), lastAt: new Date(now + 1), calls: 1n },
    ]);
    expect(await db.apiKeyScopeUse.findMany({ where, orderBy: { scope: "asc" } })).toMatchObject([
      { scope: "events.read", lastAt: new Date(now + 2) },
      { scope: "events.write", lastAt: new Date(now + 2) },
    ]);
    expect(await db.apiKeyRefusal.count({ where: { keyId: revoked.id } })).toBe(2);
  });

  test("calls that can't be written are retried automatically when it is back", async () => {
    const { good } = await keys();
    await proxy.cut();
    usage.note(good, "valid", Date.now(), NOWHERE);
    await usage.flush();
    await proxy.open();
    const calls = async () => (await db.apiKeyUsage.findUnique({ where: { keyId: good.id } }))?.calls;
    await expect.poll(calls).toBe(1n);
  });
});

test("when the database is back, the next request gets the correct answer without a restart", async () => {
  const { good, revoked } = await keys();
  await proxy.cut();
  expect((await call(good.token)).status).toBe(503);
  await proxy.open();
  expect((await call(good.token)).status).toBe(200);
  expect((await call(revoked.token)).status).toBe(401);
  await expect.poll(readiness).toEqual({ database: "ok", migrations: "ok" });
});

test("a database that accepts connections and never answers runs into a timeout", async () => {
  const { good } = await keys();
  await proxy.cut();
  await expect.poll(() => lookupPool.totalCount).toBe(0);
  await proxy.openSilently();
  const started = Date.now();
  expect((await call(good.token)).status).toBe(503);
  expect(Date.now() - started).toBeLessThan(2_500);
  await proxy.cut();
});
