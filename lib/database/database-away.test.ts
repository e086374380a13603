import { readFile } from "node:fs/promises";
import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
import { describe, expect, test } from "vitest";
import { PrismaClient } from "@/generated/prisma/client";
import { isDatabaseAway, OutcomeUnknown } from "@/lib/database/database-away";
import { openProxiedDatabase } from "@/lib/testing/proxied-database";
import { reasonOf } from "@/lib/testing/reason-of";

const { scratch, proxy, direct } = await openProxiedDatabase();

// Imported after the setup, so that the console connects through the proxy.
const { changePool, db, inTransaction, pool, runChange } = await import("@/lib/database/db");
const { openPool } = await import("@/lib/database/database-pool");
const { createTestDeveloper } = await import("@/lib/testing/fixtures");

const SLOW = "select pg_sleep(5)::text";

/** Ends all console connections in a slow statement, as a stopping PostgreSQL does. */
async function terminateSlowOnes(): Promise<void> {
  const end = "select pg_terminate_backend(pid) from pg_stat_activity where query = $1 and state = 'active'";
  await expect.poll(async () => (await direct.query(end, [SLOW])).rowCount).toBeGreaterThan(0);
}

/** The same by cutting the network connection. */
async function cutSlowOnes(): Promise<void> {
  const find = "select from pg_stat_activity where query = $1 and state = 'active'";
  await expect.poll(async () => (await direct.query(find, [SLOW])).rowCount).toBeGreaterThan(0);
  await proxy.cut();
}

/** Waits, so that a statement that is already ending isn't taken for the next one. */
async function untilNoSlowOnes(): Promise<void> {
  const find = "select from pg_stat_activity where query = $1 and state = 'active'";
  await expect.poll(async () => (await direct.query(find, [SLOW])).rowCount).toBe(0);
}

async function fill(): Promise<() => void> {
  const taken = await Promise.all(
    [pool, changePool].flatMap((each) => Array.from({ length: 10 }, () => each.connect())),
  );
  return () => {
    for (const client of taken) client.release();
  };
}

describe("that the database is away is recognised", () => {
  const ways = () =>
    [
      ["a statement of pg", () => pool.query("select 1")],
      ["a query of Prisma", () => db.team.findFirst()],
      ["a statement through Prisma", () => db.$queryRaw`select 1`],
      ["a transaction", () => inTransaction((tx) => tx.team.count())],
      ["a single change", () => runChange("select 1")],
    ] as const;
  const slowWays = () =>
    [
      ["a statement of pg", () => pool.query(SLOW)],
      ["a statement through Prisma", () => db.$queryRawUnsafe(SLOW)],
      ["a statement in a transaction", () => inTransaction((tx) => tx.$queryRawUnsafe(SLOW))],
    ] as const;

  test("where no connection can be made", async () => {
    await proxy.cut();
    await expect.poll(() => pool.totalCount).toBe(0);
    for (const [way, ask] of ways()) expect(isDatabaseAway(await reasonOf(ask())), way).toBe(true);
  });

  test("where it takes connections and says nothing", async () => {
    await proxy.cut();
    await expect.poll(() => pool.totalCount).toBe(0);
    await proxy.openSilently();
    const asked = ways().map(async ([way, ask]) => expect(isDatabaseAway(await reasonOf(ask())), way).toBe(true));
    await Promise.all(asked);
    await proxy.cut();
  });

  test("where every connection is taken", async () => {
    const release = await fill();
    const asked = ways().map(async ([way, ask]) => expect(isDatabaseAway(await reasonOf(ask())), way).toBe(true));
    await Promise.all(asked).finally(release);
  });

  test.each([
    ["the database ends", terminateSlowOnes],
    ["the network breaks", cutSlowOnes],
  ])("where %s the connection in the middle of a statement", async (_, end) => {
    for (const [way, ask] of slowWays()) {
      await proxy.open();
      await untilNoSlowOnes();
      const [reason] = await Promise.all([reasonOf(ask()), end()]);
      expect(isDatabaseAway(reason), way).toBe(true);
      expect(reason, way).not.toBeInstanceOf(OutcomeUnknown);
    }
  });

  test("where the network breaks a connection that was taken from its pool, and no error is left uncaught", async () => {
    const uncaught: unknown[] = [];
    const note = (error: unknown) => uncaught.push(error);
    process.on("uncaughtException", note);
    const client = await changePool.connect();
    const [reason] = await Promise.all([reasonOf(client.query(SLOW)), cutSlowOnes()]);
    client.release(true);
    expect(isDatabaseAway(reason)).toBe(true);
    process.off("uncaughtException", note);
    expect(uncaught).toEqual([]);
  });

  test("where an update through Prisma waits for a lock and its connection is ended", async () => {
    const { userId } = await createTestDeveloper();
    await direct.query("begin");
    await direct.query("select 1 from users where id = $1 for update", [userId]);
    const updating = reasonOf(db.user.update({ where: { id: userId }, data: { name: "Other" } }));
    const end =
      "select pg_terminate_backend(pid) from pg_stat_activity where pg_backend_pid() = any (pg_blocking_pids(pid))";
    await expect.poll(async () => (await direct.query(end)).rowCount).toBe(1);
    expect(isDatabaseAway(await updating)).toBe(true);
    await direct.query("rollback");
  });

  test("where a statement takes longer than it may", async () => {
    const asking = pool.query({ text: SLOW, query_timeout: 50 } as pg.QueryConfig);
    expect(isDatabaseAway(await reasonOf(asking))).toBe(true);
  });

  test.each(["transaction_timeout", "statement_timeout"])(
    "where the server ends what lasts beyond its %s",
    async (setting) => {
      const changing = inTransaction(async (tx) => {
        await tx.$executeRawUnsafe(`set local ${setting} = 200`);
        await tx.$queryRawUnsafe(SLOW);
      });
      expect(isDatabaseAway(await reasonOf(changing))).toBe(true);
    },
  );

  test("where it takes no more connections", async () => {
    await direct.query("drop role if exists unwelcome");
    await direct.query("create role unwelcome login password 'unwelcome' connection limit 0");
    const url = new URL(scratch.url);
    [url.username, url.password] = ["unwelcome", "unwelcome"];
    const reason = await reasonOf(new pg.Client({ connectionString: url.href }).connect());
    expect(reason).toMatchObject({ code: "53300" });
    expect(isDatabaseAway(reason)).toBe(true);
  });

  test.each<[what: string, url: (url: URL) => void]>([
    ["a password that was changed", (url) => Object.assign(url, { password: "of before" })],
    ["a database that was dropped", (url) => Object.assign(url, { pathname: "/dropped" })],
    ["a server that no longer takes TLS", (url) => url.searchParams.set("sslmode", "require")],
    ["a socket that isn't there", (url) => url.searchParams.set("host", "/no/such/place")],
    ["a host that refuses, by all its addresses", (url) => Object.assign(url, { host: "localhost:1" })],
    [
      "no server but standbys",
      (url) => {
        url.searchParams.set("target_session_attrs", "read-write");
        url.searchParams.set("options", "-c default_transaction_read_only=on");
      },
    ],
  ])("where no connection can be had because of %s", async (_, change) => {
    const url = new URL(scratch.url);
    change(url);
    process.env.DATABASE_URL = url.href;
    const other = openPool({ connections: 2, connectTimeoutMs: 3_000, queryTimeoutMs: 3_000 });
    const prisma = new PrismaClient({ adapter: new PrismaPg(other) });
    const asked = [
      other.query("select 1"),
      other.connect(),
      prisma.team.findFirst(),
      prisma.$queryRaw`select 1`,
      prisma.$transaction((tx) => tx.team.count()),
    ];
    const reasons = await Promise.all(asked.map(reasonOf));
    for (const reason of reasons) {
      expect(isDatabaseAway(reason), String(reason)).toBe(true);
      expect(String((reason as Error).message)).not.toBe("");
    }
    await prisma.$disconnect();
    await other.end();
  });

  test("and what the database refuses, or code gets wrong, is not taken for it", async () => {
    const { teamId, userId } = await createTestDeveloper();
    const refusals = [
      pool.query("select nonsense"),
      db.$queryRawUnsafe("select nonsense"),
      db.team.create({ data: { id: teamId, name: "Twice", slug: "twice" } }),
      db.user.update({ where: { id: userId }, data: { name: "\0" } }),
      db.team.findUniqueOrThrow({ where: { slug: "no such" } }),
      inTransaction(() => Promise.reject(new TypeError("x is not a function"))),
      readFile("/no/such/file"),
    ];
    const reasons = await Promise.all(refusals.map(reasonOf));
    expect(reasons.map(isDatabaseAway)).toEqual(refusals.map(() => false));
    for (const nothing of [null, undefined, "ECONNREFUSED", 1, {}, { code: 1 }]) {
      expect(isDatabaseAway(nothing)).toBe(false);
    }
  });
});
