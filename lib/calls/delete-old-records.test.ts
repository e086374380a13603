import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { deleteOldRecords } from "@/lib/calls/delete-old-records";
import { db, pool } from "@/lib/database/db";
import { createTestDeveloper, createTestKeys, DAY_MS } from "@/lib/testing/fixtures";

const NOW = Date.now();
const daysAgo = (days: number, seconds = 0) => new Date(NOW - days * DAY_MS - seconds * 1_000);

async function createKeys(): Promise<[string, string]> {
  return (await createTestKeys(await createTestDeveloper(), [{}, {}])) as [string, string];
}

const refusal = (keyId: string, at: Date) => ({ keyId, at, requestId: "r1", code: "revoked", endpoint: "me" });
const address = (keyId: string, number: number, lastAt: Date) => {
  return { keyId, ip: `2001:db8::${number.toString(16)}`, firstAt: lastAt, lastAt, hour: lastAt, calls: 1 };
};

const count = (model: { count(query: object): Promise<number> }, keyId: string) => model.count({ where: { keyId } });

test("refusals older than thirty days are deleted, and all but the latest thousand of a key", async () => {
  const [crowded, quiet] = await createKeys();
  const seconds = Array.from({ length: 1_200 }, (_, second) => second);
  await db.apiKeyRefusal.createMany({
    data: [
      ...seconds.map((second) => refusal(crowded, daysAgo(1, second))),
      ...[31, 30.1, 29.9].map((days) => refusal(quiet, daysAgo(days))),
    ],
  });
  await deleteOldRecords();
  await deleteOldRecords();
  const left = await db.apiKeyRefusal.findMany({ where: { keyId: crowded }, orderBy: { at: "asc" } });
  expect(left).toHaveLength(1_000);
  expect(left[0]?.at).toEqual(daysAgo(1, 999));
  expect(await db.apiKeyRefusal.findMany({ where: { keyId: quiet } })).toMatchObject([{ at: daysAgo(29.9) }]);
});

test("a key's latest hundred addresses are retained, unless not seen for more than a year", async () => {
  const [crowded, quiet] = await createKeys();
  const numbers = Array.from({ length: 130 }, (_, number) => number);
  await db.apiKeyAddress.createMany({
    data: [
      ...numbers.map((number) => address(crowded, number, daysAgo(1, number))),
      address(quiet, 1, daysAgo(401)),
      address(quiet, 2, daysAgo(399)),
    ],
  });
  await deleteOldRecords();
  const left = await db.apiKeyAddress.findMany({ where: { keyId: crowded }, orderBy: { lastAt: "asc" } });
  expect(left).toHaveLength(100);
  expect(left[0]?.lastAt).toEqual(daysAgo(1, 99));
  expect(await db.apiKeyAddress.findMany({ where: { keyId: quiet } })).toMatchObject([{ lastAt: daysAgo(399) }]);
});

test("a scope's last use is deleted after more than a year", async () => {
  const [keyId] = await createKeys();
  const uses = { "events.read": daysAgo(399), "events.write": daysAgo(401) };
  await db.apiKeyScopeUse.createMany({
    data: Object.entries(uses).map(([scope, lastAt]) => ({ keyId, scope, lastAt })),
  });
  await deleteOldRecords();
  expect(await db.apiKeyScopeUse.findMany({ where: { keyId } })).toMatchObject([{ scope: "events.read" }]);
});

test("a row locked by a concurrent write is skipped, and the others are deleted", async () => {
  const [keyId] = await createKeys();
  await db.apiKeyAddress.createMany({ data: [1, 2, 3].map((number) => address(keyId, number, daysAgo(500))) });
  const client = await pool.connect();
  await client.query("begin");
  const write = "update api_key_addresses set last_at = now() where key_id = $1 and ip = $2";
  await client.query(write, [keyId, "2001:db8::2"]);
  await deleteOldRecords();
  await client.query("commit");
  client.release();
  expect(await db.apiKeyAddress.findMany({ where: { keyId } })).toMatchObject([{ ip: "2001:db8::2" }]);
  await deleteOldRecords();
  expect(await count(db.apiKeyAddress, keyId)).toBe(1);
});

test("nothing is deleted while another process does maintenance", async () => {
  const [keyId] = await createKeys();
  await db.apiKeyRefusal.createMany({ data: [refusal(keyId, daysAgo(50))] });
  const client = await pool.connect();
  await client.query("begin");
  await client.query("select pg_advisory_xact_lock(728354913)");
  await deleteOldRecords();
  expect(await count(db.apiKeyRefusal, keyId)).toBe(1);
  await client.query("rollback");
  client.release();
  await deleteOldRecords();
  expect(await count(db.apiKeyRefusal, keyId)).toBe(0);
});

test("heartbeats of ended processes are deleted", async () => {
  const [gone, alive] = [randomUUID(), randomUUID()];
  await db.heartbeat.createMany({
    data: [
      { id: gone, sentMs: 1, writtenAt: daysAgo(1.1) },
      { id: alive, sentMs: 1, writtenAt: daysAgo(0.9) },
    ],
  });
  await deleteOldRecords();
  expect(await db.heartbeat.findMany({ where: { id: { in: [gone, alive] } } })).toMatchObject([{ id: alive }]);
});
