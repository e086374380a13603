import { afterAll, expect, test } from "vitest";
import { createScratchDatabase } from "@/lib/testing/scratch-database";

// Aggregation covers all keys, so it must not see other tests' rows.
const { DATABASE_URL, TEST_OWNER_DATABASE_URL } = process.env;
const scratch = await createScratchDatabase();
Object.assign(process.env, { DATABASE_URL: scratch.url, TEST_OWNER_DATABASE_URL: scratch.ownerUrl });
const { db } = await import("@/lib/database/db");
const { createTestDeveloper, createTestKey } = await import("@/lib/testing/fixtures");
const { ownerDb } = await import("@/lib/testing/owner-database");
const { deleteOldRecords } = await import("@/lib/calls/delete-old-records");
const { compactHours } = await import("@/lib/calls/compact-hours");

afterAll(async () => {
  Object.assign(process.env, { DATABASE_URL, TEST_OWNER_DATABASE_URL });
  await scratch.drop();
});

const HOUR_MS = 3_600_000;
const hoursAgo = (hours: number) => new Date(Math.floor(Date.now() / HOUR_MS) * HOUR_MS - hours * HOUR_MS);

/** Midnight, UTC, this many days ago. */
function dayAgo(days: number): Date {
  const day = new Date(Date.now() - days * 24 * HOUR_MS);
  day.setUTCHours(0, 0, 0, 0);
  return day;
}

const at = (day: Date, hour: number) => new Date(day.getTime() + hour * HOUR_MS);

async function hoursOf(keyId: string) {
  return db.apiKeyHour.findMany({
    where: { keyId },
    orderBy: [{ hour: "asc" }, { code: "asc" }],
    omit: { keyId: true },
  });
}

test("hours older than a week are aggregated into one day with the latest address", async () => {
  const { id: keyId } = await createTestKey(await createTestDeveloper());
  const day = dayAgo(20);
  const row = (hour: number, calls: number, code = "valid") => ({
    keyId,
    hour: at(day, hour),
    code,
    calls,
    lastAt: new Date(at(day, hour).getTime() + 1_000),
    lastIp: `192.0.2.${hour}`,
  });
  await db.apiKeyHour.createMany({ data: [row(0, 1), row(5, 2), row(23, 4), row(7, 8, "expired")] });
  await compactHours();
  await compactHours();
  expect(await hoursOf(keyId)).toEqual([
    { hour: day, code: "expired", calls: 8n, lastAt: new Date(at(day, 7).getTime() + 1_000), lastIp: "192.0.2.7" },
    { hour: day, code: "valid", calls: 7n, lastAt: new Date(at(day, 23).getTime() + 1_000), lastIp: "192.0.2.23" },
  ]);
});

test("sums beyond an integer are aggregated, and an overflowing one doesn't block the others", async () => {
  const owner = await createTestDeveloper();
  const [much, beyond, other] = [await createTestKey(owner), await createTestKey(owner), await createTestKey(owner)];
  const day = dayAgo(20);
  const row = (keyId: string, hour: number, calls: bigint) => ({ keyId, hour: at(day, hour), code: "valid", calls });
  const rows = [
    ...[0, 1, 2].map((hour) => row(much.id, hour, 2_147_483_647n)),
    ...[0, 1, 2].map((hour) => row(beyond.id, hour, 2n ** 63n - 1n)),
    row(other.id, 3, 5n),
  ];
  await db.apiKeyHour.createMany({ data: rows.map((each) => ({ ...each, lastAt: each.hour })) });
  await compactHours(2);
  const sums = [much, beyond, other].map(async ({ id }) => (await hoursOf(id)).map(({ hour, calls }) => [hour, calls]));
  expect(await Promise.all(sums)).toEqual([[[day, 6_442_450_941n]], [[day, 2n ** 63n - 1n]], [[day, 5n]]]);
});

test("recent hours are unchanged, and days older than a year are deleted", async () => {
  const { id: keyId } = await createTestKey(await createTestDeveloper());
  const row = (hour: Date) => ({ keyId, hour, code: "valid", calls: 1, lastAt: hour, lastIp: null });
  const recent = [hoursAgo(150), hoursAgo(1)];
  await db.apiKeyHour.createMany({ data: [...recent, dayAgo(401), at(dayAgo(500), 3)].map(row) });
  await compactHours();
  await deleteOldRecords();
  expect((await hoursOf(keyId)).map(({ hour }) => hour)).toEqual(recent);
});

test("deleting a key deletes its calls and no other key's", async () => {
  const owner = await createTestDeveloper();
  const [gone, kept] = [await createTestKey(owner), await createTestKey(owner)];
  const { teamId } = owner;
  for (const { id: keyId } of [gone, kept]) {
    const hour = hoursAgo(2);
    await db.apiKeyHour.create({ data: { keyId, hour, code: "valid", calls: 1, lastAt: hour } });
    await db.apiKeyUsage.create({ data: { keyId, teamId, hour: hoursAgo(0), calls: 1, lastUsedAt: hoursAgo(0) } });
  }
  await ownerDb.apiKey.delete({ where: { id: gone.id } });
  const left = async (keyId: string) => [
    (await hoursOf(keyId)).length,
    await db.apiKeyUsage.count({ where: { keyId } }),
  ];
  expect(await left(gone.id)).toEqual([0, 0]);
  expect(await left(kept.id)).toEqual([1, 1]);
});
