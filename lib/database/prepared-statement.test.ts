import { randomUUID } from "node:crypto";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { preparedStatement, runPrepared } from "@/lib/database/prepared-statement";
import { type PgBouncer, startPgBouncer } from "@/lib/testing/pgbouncer";

const support = (globalThis as { [key: symbol]: unknown })[Symbol.for("latchkey.preparedStatements")] as {
  isThere: boolean;
};
const databaseUrl = process.env.DATABASE_URL ?? "";
/** The console's role can't create tables. */
const ownerUrl = process.env.TEST_OWNER_DATABASE_URL ?? "";
const pools: pg.Pool[] = [];

function openPool(connectionString: string): pg.Pool {
  const pool = new pg.Pool({ connectionString, max: 8 });
  pools.push(pool);
  return pool;
}

beforeEach(() => {
  support.isThere = true;
});
const closePools = () => Promise.all(pools.splice(0).map((pool) => pool.end()));
afterEach(closePools);

describe("behind PgBouncer in transaction mode", () => {
  let pgBouncer: PgBouncer;
  beforeEach(async () => {
    pgBouncer = await startPgBouncer(databaseUrl);
  });
  afterEach(async () => {
    await closePools();
    await pgBouncer.stop();
  });

  test("everybody gets the rows they asked for, from the first statements on", async () => {
    const here = openPool(pgBouncer.url);
    const elsewhere = openPool(pgBouncer.url);
    const double = preparedStatement(`double-${randomUUID()}`, "select $1::int as given, $1::int * 2 as doubled");
    const numbers = Array.from({ length: 200 }, (_, place) => place);
    const rows = await Promise.all(
      numbers.map((number) => runPrepared(number % 2 === 0 ? here : elsewhere, double, [number])),
    );
    expect(rows).toEqual(numbers.map((number) => [{ given: number, doubled: number * 2 }]));
    // Otherwise the pooler would have supported prepared statements, and the test would prove nothing.
    expect(support.isThere).toBe(false);
  });
});

test("a statement whose result a migration has changed is planned anew", async () => {
  const pool = openPool(ownerUrl);
  const table = `changing_${randomUUID().replaceAll("-", "")}`;
  await pool.query(`create table ${table} as select 1 as value`);
  const read = preparedStatement("changing", `select value from ${table}`);
  expect(await runPrepared(pool, read, [])).toEqual([{ value: 1 }]);
  await pool.query(`alter table ${table} alter value type text`);
  expect(await runPrepared(pool, read, [])).toEqual([{ value: "1" }]);
  expect(support.isThere).toBe(true);
  await pool.query(`drop table ${table}`);
});

test("what a statement does wrong is not hidden by running it again", async () => {
  const divide = preparedStatement("divide", "select 1 / $1::int");
  await expect(runPrepared(openPool(databaseUrl), divide, [0])).rejects.toMatchObject({ code: "22012" });
  expect(support.isThere).toBe(true);
});
