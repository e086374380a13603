import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { log } from "@/lib/log";
import { DatabaseProxy } from "@/lib/testing/database-proxy";
import { startPostgresPair } from "@/lib/testing/postgres-pair";

const LEASE_MS = 2_000;
const MOMENT = { timeout: 30_000, interval: 50 };

const serverUrl = process.env.DATABASE_URL ?? "";
const pair = await startPostgresPair();
const wire = new DatabaseProxy(pair.primaryUrl);
await wire.open();
process.env.DATABASE_URL = wire.url;
process.env.LEASE_SECONDS = String(LEASE_MS / 1_000);

// Only now: everything below connects through the wire.
const { apiRoute } = await import("@/lib/http/routes");
const { heartbeatPool, lookupPool } = await import("@/lib/verification/connections");
const { lease } = await import("@/lib/verification/lease");
const { requireScope } = await import("@/lib/verification/require-scope");
const { createTestKey } = await import("@/lib/testing/fixtures");
const { bearer, jsonOf, testVerifier } = await import("./testing/running-verifier.ts");
const { createVerifyingTeam } = await import("./testing/verifying-team.ts");

const verifier = testVerifier();
const [onPrimary, onStandby] = [pair.primaryUrl, pair.standbyUrl].map((url) => new pg.Client(url)) as [
  pg.Client,
  pg.Client,
];
const keys = { good: "", beforeLag: "", beforeFailover: "" };
const ids: Record<string, string> = {};
let team: Awaited<ReturnType<typeof createVerifyingTeam>>;

beforeAll(async () => {
  await Promise.all([onPrimary.connect(), onStandby.connect()]);
  // A session that can always undo what the tests set.
  await onPrimary.query("set default_transaction_read_only = off; set synchronous_commit = local");
  team = await createVerifyingTeam();
  for (const name of Object.keys(keys) as (keyof typeof keys)[]) {
    const key = await createTestKey(team.owner, { scopes: ["events.read"] });
    keys[name] = key.token;
    ids[key.token] = key.id;
  }
});

afterAll(async () => {
  process.env.DATABASE_URL = serverUrl;
  await wire.cut();
  await Promise.allSettled([onPrimary.end(), onStandby.end()]);
  await pair.remove();
});

const statusOf = async (token: string) => (await verifier.call("/api/v1/me", { headers: bearer(token) })).status;
const readyOf = async () => {
  const { status, body } = await verifier.call("/api/health/ready");
  return [status, jsonOf({ body }).checks.database];
};
/** As when the address moves to another server: the connections to the former one break. */
async function moveTo(url: string): Promise<void> {
  await wire.cut();
  await expect.poll(() => lookupPool.totalCount + heartbeatPool.totalCount).toBe(0);
  await wire.pointAt(url);
}

const revoke = (client: pg.Client, token: string) =>
  client.query("update api_keys set revoked_at = now() where id = $1", [ids[token]]);
const handler = apiRoute(async (request) => (await requireScope(request, "events.read")).key.id);

/** At every endpoint, and at a handler of an API. */
async function statusesOf(token: string): Promise<number[]> {
  const answers = await Promise.all([
    verifier.call("/api/v1/me", { headers: bearer(token) }),
    verifier.call("/api/v1/forward-auth?scope=events.read", { headers: bearer(token) }),
    verifier.postForm("/api/v1/introspect", { token }, { headers: team.asBasic }),
    verifier.postJson("/api/v1/verify", { token }, { headers: team.asBearer }),
    handler(new Request("http://localhost/", { headers: bearer(token) })),
  ]);
  return answers.map(({ status }) => status);
}

const NOWHERE = Array(5).fill(503);

/** On a busy machine a lookup may time out, but must not get any other answer. */
async function expectToBeBelieved(revoked: string): Promise<void> {
  await expect.poll(() => statusOf(keys.good), MOMENT).toBe(200);
  await expect.poll(() => statusOf(revoked), MOMENT).toBe(401);
  await expect.poll(readyOf, MOMENT).toEqual([200, "ok"]);
}

/** Runs with the lease of this process off. */
async function withoutLease(run: () => Promise<void>): Promise<void> {
  const length = vi.spyOn(lease, "ms", "get").mockReturnValue(0);
  await run().finally(() => length.mockRestore());
}

/** What is logged of the server while `run` goes on. */
async function logged(run: () => Promise<void>): Promise<unknown[]> {
  const error = vi.spyOn(log, "error");
  await run();
  const doubts = error.mock.calls.map(([fields]) => (fields as unknown as { doubt?: string }).doubt).filter(Boolean);
  error.mockRestore();
  return doubts;
}

async function set(setting: string): Promise<void> {
  await onPrimary.query(`alter system ${setting}`);
  await onPrimary.query("select pg_reload_conf()");
}

test("a standby that has fallen behind is never believed, with a lease and without", async () => {
  await expect.poll(() => statusesOf(keys.good), MOMENT).toEqual(Array(5).fill(200));
  await onStandby.query("select pg_wal_replay_pause()");
  const paused = async () => (await onStandby.query("select pg_get_wal_replay_pause_state() as state")).rows[0].state;
  await expect.poll(paused, MOMENT).toBe("paused");
  await revoke(onPrimary, keys.beforeLag);
  const doubts = await logged(async () => {
    await moveTo(pair.standbyUrl);
    for (const check of [withoutLease, (run: () => Promise<void>) => run()]) {
      await check(async () => {
        for (const token of [keys.good, keys.beforeLag]) expect(await statusesOf(token)).toEqual(NOWHERE);
        await expect.poll(readyOf, MOMENT).toEqual([503, "standby"]);
      });
    }
  });
  expect(doubts).toEqual(["standby"]);
  await moveTo(pair.primaryUrl);
  await expectToBeBelieved(keys.beforeLag);
  await onStandby.query("select pg_wal_replay_resume()");
});

test("a server that takes no writes is not believed while a lease is asked for", async () => {
  await set("set default_transaction_read_only = on");
  await expect.poll(() => statusOf(keys.good), MOMENT).toBe(503);
  expect(await statusesOf(keys.good)).toEqual(NOWHERE);
  await expect.poll(readyOf, MOMENT).toEqual([503, "read_only"]);
  await withoutLease(() => expectToBeBelieved(keys.beforeLag));
  await set("reset default_transaction_read_only");
  await expect.poll(() => statusOf(keys.good), MOMENT).toBe(200);
});

describe("a synchronous primary that is cut off, and whose standby is promoted", () => {
  test("is believed no longer than the lease", async () => {
    await set("set synchronous_standby_names = '*'");
    const state = async () => (await onPrimary.query("select sync_state from pg_stat_replication")).rows[0]?.sync_state;
    await expect.poll(state, MOMENT).toBe("sync");
    await expect.poll(() => statusOf(keys.beforeFailover), MOMENT).toBe(200);
    let lastAllowedMs = 0;
    let isOver = false;
    const load = (async () => {
      for (; !isOver; await delay(20)) {
        const askedMs = performance.now();
        if ((await statusOf(keys.beforeFailover)) === 200) lastAllowedMs = askedMs;
      }
    })();
    const doubts = await logged(async () => {
      await pair.promote();
      const promotedMs = performance.now();
      await revoke(onStandby, keys.beforeFailover);
      await delay(LEASE_MS + 3_000);
      isOver = true;
      await load;
      expect(lastAllowedMs).toBeGreaterThan(0);
      expect(lastAllowedMs).toBeLessThan(promotedMs + LEASE_MS);
      expect(await statusesOf(keys.good)).toEqual(NOWHERE);
      await expect.poll(readyOf, MOMENT).toEqual([503, "no_lease"]);
    });
    expect(doubts).toEqual(["no_lease"]);
    // One waits for the standby; those after it don't queue up on connections that the server never gets back.
    const waiting =
      "select from pg_stat_activity where wait_event is not null and query like '%heartbeats%' and state = 'active'";
    expect((await onPrimary.query(waiting)).rowCount).toBeLessThanOrEqual(1);
  });

  test("gives way to the new one, which is believed at once", async () => {
    await moveTo(pair.standbyUrl);
    await expectToBeBelieved(keys.beforeFailover);
  });

  test("is not believed again, though it takes writes by itself, with a lease and without", async () => {
    await set("reset synchronous_standby_names");
    const doubts = await logged(async () => {
      await moveTo(pair.primaryUrl);
      await expect
        .poll(() => onPrimary.query("update heartbeats set sent_ms = sent_ms").then(() => true), MOMENT)
        .toBe(true);
      for (const check of [withoutLease, (run: () => Promise<void>) => run()]) {
        await check(async () => {
          for (const token of [keys.good, keys.beforeFailover]) expect(await statusesOf(token)).toEqual(NOWHERE);
          await expect.poll(readyOf, MOMENT).toEqual([503, "older_timeline"]);
        });
      }
    });
    expect(doubts).toEqual(["older_timeline"]);
    await moveTo(pair.standbyUrl);
    await expectToBeBelieved(keys.beforeFailover);
  });
});
