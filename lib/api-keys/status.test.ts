import { describe, expect, test } from "vitest";
import { KEY_STATUSES, keyStatus, sqlActive, sqlStatus } from "@/lib/api-keys/status";
import { db } from "@/lib/database/db";
import { createTestDeveloper, createTestKeys, inDays } from "@/lib/testing/fixtures";

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

describe("the rule in SQL", () => {
  const instants = [null, before, now, later];
  const rows = instants.flatMap((revokedAt) => instants.map((expiresAt) => ({ revokedAt, expiresAt })));

  test("gives every key around the boundaries the status that the rule gives it, and no other", async () => {
    const owner = await createTestDeveloper();
    const ids = await createTestKeys(owner, rows);
    for (const status of KEY_STATUSES) {
      const found = await db.$queryRaw<{ id: string }[]>`
        select k.id from api_keys k where k.member_id = ${owner.memberId}::uuid and ${sqlStatus(status, now)}`;
      const expected = ids.filter((_, place) => keyStatus(rows[place] as (typeof rows)[number], now) === status);
      expect(found.map(({ id }) => id).sort()).toEqual(expected.sort());
    }
  });

  test("uses the database's clock by default", async () => {
    const owner = await createTestDeveloper();
    const lifetimes = [{ expiresAt: inDays(1) }, { expiresAt: inDays(-1) }, { revokedAt: inDays(-1) }, {}];
    const [lasting, , , endless] = await createTestKeys(owner, lifetimes);
    const found = await db.$queryRaw<{ id: string }[]>`
      select x.id from api_keys x where x.member_id = ${owner.memberId}::uuid and ${sqlActive(undefined, "x")}`;
    expect(found.map(({ id }) => id).sort()).toEqual([lasting, endless].sort());
  });
});
