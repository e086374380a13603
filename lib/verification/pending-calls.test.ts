import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { usagePool } from "@/lib/verification/connections";
import { type Calls, PendingCalls } from "@/lib/verification/pending-calls";

const TEAM = randomUUID();

const calls = (keyId: string, told: Partial<Calls> = {}): Calls => ({
  keyId,
  teamId: TEAM,
  code: "valid",
  at: 1_000,
  count: 1,
  ip: "192.0.2.1",
  userAgent: "curl/8",
  ...told,
});

const all = (pending: PendingCalls) => Array.from({ length: pending.size }, (_, row) => pending.get(row));

test("is what a plain map of keys and outcomes would be, whatever comes", () => {
  const ids = Array.from({ length: 6 }, () => randomUUID());
  // Keys whose ids differ in their first bytes alone share a slot.
  const alike = ids.map((id) => `${id.slice(0, 8)}-0000-7000-8000-000000000000`);
  const anyCalls = fc.record({
    keyId: fc.constantFrom(...ids, ...alike),
    teamId: fc.constantFrom(TEAM, ids[0] as string),
    code: fc.constantFrom("valid" as const, "revoked" as const, "expired" as const),
    at: fc.integer({ min: 0, max: 5 }),
    count: fc.integer({ min: 1, max: 9 }),
    ip: fc.constantFrom(null, "192.0.2.1", "2001:db8::1"),
    userAgent: fc.constantFrom(null, "a", "b"),
  });
  fc.assert(
    fc.property(fc.array(anyCalls, { maxLength: 60 }), (added) => {
      const pending = new PendingCalls(100);
      const model = new Map<string, Calls>();
      for (const some of added) {
        expect(pending.add(some)).toBe(true);
        const id = `${some.keyId} ${some.code}`;
        const known = model.get(id);
        const latest = !known || some.at >= known.at ? some : known;
        model.set(id, {
          ...latest,
          teamId: known?.teamId ?? some.teamId,
          count: (known?.count ?? 0) + some.count,
        });
      }
      expect(all(pending)).toEqual([...model.values()]);
    }),
  );
});

describe("room", () => {
  test("is for so many rows; those that are there are counted on", () => {
    const pending = new PendingCalls(2);
    const [first, second, third] = [randomUUID(), randomUUID(), randomUUID()];
    expect([first, second, third, first].map((id) => pending.add(calls(id)))).toEqual([true, true, false, true]);
    expect(pending.add(calls(second, { code: "revoked" }))).toBe(false);
    expect(all(pending)).toEqual([calls(first, { count: 2 }), calls(second)]);
  });

  test("is there again after clearing, and nothing of before", () => {
    const pending = new PendingCalls(2);
    const [before, after] = [randomUUID(), randomUUID()];
    pending.add(calls(before, { count: 5, ip: "192.0.2.9" }));
    pending.clear();
    expect(pending.size).toBe(0);
    for (const id of [after, before]) pending.add(calls(id, { at: 0, ip: null }));
    expect(all(pending)).toEqual([after, before].map((id) => calls(id, { at: 0, ip: null })));
  });

  test("in a row's count is what PostgreSQL's integer has", () => {
    const pending = new PendingCalls(1);
    const id = randomUUID();
    for (let time = 0; time < 3; time++) pending.add(calls(id, { count: 2_000_000_000 }));
    expect(pending.get(0).count).toBe(2_147_483_647);
  });
});

test("its columns are read by PostgreSQL as what was added, of the rows asked for", async () => {
  const pending = new PendingCalls(5_000);
  const added = Array.from({ length: 5_000 }, (_, place) =>
    calls(randomUUID(), {
      at: 1_780_000_000_123.5 + place,
      count: place + 1,
      ip: place % 2 ? null : `192.0.2.${place}`,
    }),
  );
  for (const some of added) pending.add(some);
  const rows = [4_999, 0, 17];
  const { rows: read } = await usagePool.query(
    `select * from unnest($1::uuid[], $2::text[], $3::float8[], $4::int[], $5::text[], $6::text[], $7::uuid[])
       as c ("keyId", code, at, count, ip, "userAgent", "teamId")`,
    pending.columnsOf(rows),
  );
  expect(read).toEqual(rows.map((row) => added[row]));
});
