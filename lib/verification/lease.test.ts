import { setTimeout as delay } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import { pool } from "@/lib/database/db";
import { createTestDeveloper, createTestKey } from "@/lib/testing/fixtures";

const LEASE_MS = 1_000;
process.env.LEASE_SECONDS = String(LEASE_MS / 1_000);

// Imported only now: the lease reads its duration from the environment.
const { heartbeatPool } = await import("@/lib/verification/connections");
const { lease } = await import("@/lib/verification/lease");
const { findKey } = await import("@/lib/verification/verify-token");

const newKey = async () => createTestKey(await createTestDeveloper());
const written = vi.spyOn(heartbeatPool, "query");

/** Heartbeats that a successful lookup has waited for or started. */
async function heartbeatsDuring({ id, token }: { id: string; token: string }): Promise<number> {
  written.mockClear();
  expect((await findKey(token))?.id).toBe(id);
  return written.mock.calls.length;
}

test("the first request waits for a heartbeat, and later ones don't each need one", async () => {
  const key = await newKey();
  expect(await heartbeatsDuring(key)).toBeGreaterThan(0);
  const begunMs = performance.now();
  written.mockClear();
  for (let time = 0; time < 50; time++) await findKey(key.token);
  // A fifth of the lease lies between two.
  expect(written.mock.calls.length).toBeLessThanOrEqual(1 + (performance.now() - begunMs) / (LEASE_MS / 5));
});

test("a request after a long idle time is answered at once, and an idle process writes nothing", async () => {
  const key = await newKey();
  await findKey(key.token);
  await delay(2 * LEASE_MS);
  written.mockClear();
  await delay(LEASE_MS / 2);
  expect(written).not.toHaveBeenCalled();
  expect(await heartbeatsDuring(key)).toBeGreaterThan(0);
});

test.each([
  [
    "is so old by the database's clock, whatever this machine's says",
    "update heartbeats set written_at = now() - interval '1 hour'",
  ],
  ["was sent so long ago", "update heartbeats set sent_ms = 0"],
  ["was tidied away", "delete from heartbeats"],
])("a heartbeat that %s is written again before anybody is answered", async (_, spoil) => {
  const key = await newKey();
  await findKey(key.token);
  await pool.query(`${spoil} where id = $1`, [lease.id]);
  expect(await heartbeatsDuring(key)).toBeGreaterThan(0);
  const { rows } = await pool.query("select now() - written_at < '1 minute' as is_new from heartbeats where id = $1", [
    lease.id,
  ]);
  expect(rows).toEqual([{ is_new: true }]);
});

test("a heartbeat not known to be committed doesn't count, even if it can be read", async () => {
  await lease.renew();
  const state = { nowMs: Date.now(), timeline: 1, isReadOnly: false };
  const readAt = (sentMs: number) => ({ ...state, heartbeat: { sentMs, ageMs: 0 } });
  expect(lease.isHeldBy(readAt(performance.now()))).toBe(true);
  Object.assign(lease, { committedMs: Number.NEGATIVE_INFINITY });
  expect(lease.isHeldBy(readAt(performance.now()))).toBe(false);
});
