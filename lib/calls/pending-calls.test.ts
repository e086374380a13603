import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Calls } from "@/lib/calls/call-rows";
import { usagePool } from "@/lib/verification/connections";
import { type AlikeCalls, PendingCalls } from "@/lib/calls/pending-calls";

const TEAM = randomUUID();

const calls = (keyId: string, told: Partial<Calls> = {}): Calls => ({
  keyId,
  teamId: TEAM,
  code: "valid",
  at: 1_000,
  count: 1,
  ip: "192.0.2.1",
  userAgent: "curl/8",
  scopes: null,
  firstAt: 1_000,
  untold: 0,
  ...told,
});

const ignore = () => {};
const all = (pending: PendingCalls) => Array.from({ length: pending.size }, (_, row) => pending.get(row));

const ids = Array.from({ length: 6 }, () => randomUUID());
// Keys whose ids differ in their first bytes alone share a slot.
const alike = ids.map((id) => `${id.slice(0, 8)}-0000-7000-8000-000000000000`);
const LONG_LIST = Array(99).fill("events.read").join(" ");
const anyCalls = fc
  .record({
    keyId: fc.constantFrom(...ids, ...alike),
    teamId: fc.constantFrom(TEAM, ids[0] as string),
    code: fc.constantFrom("valid" as const, "valid" as const, "revoked" as const, "expired" as const),
    at: fc.integer({ min: 0, max: 5 }),
    count: fc.integer({ min: 1, max: 9 }),
    ip: fc.constantFrom(null, "192.0.2.1", "2001:db8::1"),
    userAgent: fc.constantFrom(null, "a", "b"),
    scopes: fc.constantFrom(null, "events.read", "events.read events.write", LONG_LIST),
  })
  .map((some) => ({ ...some, firstAt: some.at, untold: some.code === "valid" ? some.count : 0 }));

test("is what a plain map of keys and outcomes would be, whatever comes", () => {
  fc.assert(
    fc.property(fc.array(anyCalls, { maxLength: 60 }), (added) => {
      const pending = new PendingCalls(100, ignore);
      const model = new Map<string, Partial<Calls>>();
      for (const some of added) {
        expect(pending.add(some)).toBe(true);
        const { keyId, code, teamId, at, count, ip, userAgent, scopes } = some;
        const known = model.get(`${keyId} ${code}`);
        const isLatest = !known || at >= (known.at as number);
        model.set(`${keyId} ${code}`, {
          ...(isLatest ? { keyId, code, at, ip, userAgent, scopes: scopes === LONG_LIST ? null : scopes } : known),
          teamId: known?.teamId ?? teamId,
          count: (known?.count ?? 0) + count,
        });
      }
      expect(all(pending).map(({ untold, firstAt, ...rest }) => rest)).toEqual([...model.values()]);
    }),
  );
});

test("tells each accepted call once, with its own address and scopes, those that come in a row together", () => {
  /** For each key, address and scopes: how many calls there were, and the first. */
  const summed = (some: { name: string; calls: number; firstAt: number }[]) =>
    some.reduce<Record<string, [calls: number, first: number]>>((sums, { name, calls, firstAt }) => {
      const [known, first] = sums[name] ?? [0, firstAt];
      sums[name] = [known + calls, Math.min(first, firstAt)];
      return sums;
    }, {});
  const nameOf = (keyId: string, ip: string | null, scopes: string) => `${keyId} ${ip} ${scopes}`;
  fc.assert(
    fc.property(fc.array(anyCalls, { maxLength: 60 }), (added) => {
      const told: AlikeCalls[] = [];
      const pending = new PendingCalls(100, (calls) => told.push(calls));
      for (const some of added) pending.add(some);
      const rows = all(pending).map((_, row) => row);
      pending.tellRows(rows);
      pending.tellRows(rows);
      const named = told.map(({ keyId, ip, scopes, calls, firstAt }) => {
        return { name: nameOf(keyId, ip, scopes.join(" ")), calls, firstAt };
      });
      const expected = added
        .filter(({ code }) => code === "valid")
        .map(({ keyId, ip, scopes, count, firstAt }) => {
          return { name: nameOf(keyId, ip, scopes ?? ""), calls: count, firstAt };
        });
      expect(summed(named)).toEqual(summed(expected));
      expect(all(pending).every(({ untold }) => untold === 0)).toBe(true);
    }),
  );
});

test("tells calls of one address and the same scopes together", () => {
  const told: AlikeCalls[] = [];
  const pending = new PendingCalls(10, (calls) => told.push(calls));
  const [one, other] = [randomUUID(), randomUUID()];
  const call = (keyId: string, at: number, more: Partial<Calls> = {}) =>
    pending.add(calls(keyId, { at, firstAt: at, untold: 1, ...more }));
  for (const at of [1, 2, 3]) call(one, at, { userAgent: `curl/${at}` });
  call(other, 4);
  expect(told).toEqual([]);
  call(one, 5, { ip: "192.0.2.2" });
  const first = { keyId: one, ip: "192.0.2.1", userAgent: "curl/3", scopes: [], firstAt: 1, at: 3, calls: 3 };
  expect(told).toEqual([first]);
  pending.tellRows([1]);
  expect(told).toEqual([first, { ...first, keyId: other, userAgent: "curl/8", firstAt: 4, at: 4, calls: 1 }]);
});

test("doesn't tell again what was told before its row had to be put back, and tells what wasn't", () => {
  const told: string[] = [];
  const tell = ({ keyId }: AlikeCalls) => told.push(keyId);
  const [tried, untried] = [randomUUID(), randomUUID()];
  const [failed, next] = [new PendingCalls(2, tell), new PendingCalls(2, tell)];
  for (const id of [tried, untried]) failed.add(calls(id, { untold: 1 }));
  failed.tellRows([0]);
  for (const row of all(failed)) next.add(row);
  next.tellRows([0, 1]);
  expect(told).toEqual([tried, untried]);
});

test("doesn't take a late call that was told alone for the first of those it tells", () => {
  const told: AlikeCalls[] = [];
  const pending = new PendingCalls(1, (calls) => told.push(calls));
  const id = randomUUID();
  pending.add(calls(id, { at: 5, firstAt: 5, untold: 1 }));
  pending.add(calls(id, { at: 2, firstAt: 2, untold: 1, scopes: LONG_LIST }));
  pending.tellRows([0]);
  expect(told.map(({ firstAt, scopes, calls }) => [firstAt, scopes.length, calls])).toEqual([
    [2, 99, 1],
    [5, 0, 1],
  ]);
});

describe("room", () => {
  test("is for so many rows; those that are there are counted on", () => {
    const pending = new PendingCalls(2, ignore);
    const [first, second, third] = [randomUUID(), randomUUID(), randomUUID()];
    expect([first, second, third, first].map((id) => pending.add(calls(id)))).toEqual([true, true, false, true]);
    for (const code of ["revoked", "expired", "owner_inactive"] as const) {
      expect(pending.add(calls(second, { code }))).toBe(false);
    }
    expect(all(pending)).toEqual([calls(first, { count: 2 }), calls(second)]);
  });

  test("is there again after clearing, and nothing of before", () => {
    const pending = new PendingCalls(2, ignore);
    const [before, after] = [randomUUID(), randomUUID()];
    pending.add(calls(before, { count: 5, ip: "192.0.2.9" }));
    pending.clear();
    expect(pending.size).toBe(0);
    for (const id of [after, before]) pending.add(calls(id, { at: 0, ip: null }));
    expect(all(pending)).toEqual([after, before].map((id) => calls(id, { at: 0, ip: null })));
  });

  test("after clearing isn't where a key was before", () => {
    const pending = new PendingCalls(2, ignore);
    const [first, second] = [randomUUID(), randomUUID()];
    for (const id of [first, second]) pending.add(calls(id));
    pending.clear();
    pending.add(calls(second, { count: 3 }));
    expect(all(pending)).toEqual([calls(second, { count: 3 })]);
  });

  test("for texts has an end too; what is beyond counts as unknown, and is there again after clearing", () => {
    const pending = new PendingCalls(1, ignore);
    const id = randomUUID();
    for (let number = 0; number < 60_000; number++) pending.add(calls(id, { userAgent: `agent ${number}` }));
    expect(all(pending)).toEqual([calls(id, { count: 60_000, userAgent: null })]);
    pending.add(calls(id, { userAgent: "agent 7" }));
    expect(pending.get(0).userAgent).toBe("agent 7");
    pending.clear();
    pending.add(calls(id, { userAgent: "agent 59999" }));
    expect(pending.get(0).userAgent).toBe("agent 59999");
  });

  test("in a row's count is what PostgreSQL's integer has", () => {
    const pending = new PendingCalls(1, ignore);
    const id = randomUUID();
    for (let time = 0; time < 3; time++) pending.add(calls(id, { count: 2_000_000_000 }));
    expect(pending.get(0).count).toBe(2_147_483_647);
  });
});

test("its columns are read by PostgreSQL as what was added, of the rows asked for", async () => {
  const pending = new PendingCalls(5_000, ignore);
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
  expect(read).toEqual(
    rows.map((row) => {
      const { scopes, firstAt, untold, ...columns } = added[row] as Calls;
      return columns;
    }),
  );
});
