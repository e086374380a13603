import { expect, test } from "vitest";
import { KEY_STATUSES, keyStatus, whereStatus } from "@/lib/api-keys/status";
import { db } from "@/lib/database/db";
import { createTestDeveloper, createTestKey } from "@/lib/testing/fixtures";

const now = new Date("2026-06-15T12:00:00.000Z");
const before = new Date(now.getTime() - 1);
const later = new Date(now.getTime() + 1);

const table = [
  ["without dates", null, null, "active"],
  ["that expires in a millisecond", null, later, "active"],
  ["that expires exactly now", null, now, "expired"],
  ["that expired a millisecond ago", null, before, "expired"],
  ["revoked", before, null, "revoked"],
  ["revoked and expired", before, before, "revoked"],
  ["revoked before it would have expired", before, later, "revoked"],
] as const;

test.each(table)("a key %s has the right status", (_, revokedAt, expiresAt, expected) => {
  expect(keyStatus({ revokedAt, expiresAt }, now)).toBe(expected);
});

test("the database's filter finds each key under the status that the rule gives it, and under no other", async () => {
  const owner = await createTestDeveloper();
  for (const [name, revokedAt, expiresAt] of table) await createTestKey(owner, { name, revokedAt, expiresAt });
  for (const status of KEY_STATUSES) {
    const found = await db.apiKey.findMany({ where: { memberId: owner.memberId, ...whereStatus(status, now) } });
    const expected = table.filter((row) => row[3] === status).map(([name]) => name);
    expect(found.map((key) => key.name).sort()).toEqual(expected.sort());
  }
});
