import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { PrismaClient } from "@/generated/prisma/client";
import { isDatabaseAway, OutcomeUnknown } from "@/lib/database/database-away";
import { DatabaseProxy } from "@/lib/testing/database-proxy";
import { createScratchDatabase } from "@/lib/testing/scratch-database";

const serverUrl = process.env.DATABASE_URL ?? "";
const scratch = await createScratchDatabase();
const proxy = new DatabaseProxy(scratch.url);
await proxy.open();
process.env.DATABASE_URL = proxy.url;

// Imported after the setup, so that the console connects through the proxy.
const { failure } = await import("@/lib/action-result");
const { createApiKey, createApiKeyIn } = await import("@/lib/api-keys/create/create-api-key");
const { createApiKeySchema } = await import("@/lib/api-keys/schemas");
const { changePool, db, inTransaction, pool, runChange } = await import("@/lib/database/db");
const { openPool } = await import("@/lib/database/database-pool");
const { errorProblem } = await import("@/lib/http/error-problem");
const { createKey } = await import("@/lib/rest/create-key");
const { createKeySchema } = await import("@/lib/rest/schemas");
const { createTestDeveloper } = await import("@/lib/testing/fixtures");

beforeEach(() => proxy.open());
afterAll(async () => {
  await proxy.cut();
  await direct.end();
  process.env.DATABASE_URL = serverUrl;
  await scratch.drop();
});

/** Bypasses the proxy. */
const direct = new pg.Client({ connectionString: scratch.ownerUrl });
await direct.connect();

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

const reasonOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => expect.fail("it was answered"),
    (reason: unknown) => reason,
  );

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

const input = createApiKeySchema.parse({ name: "Zapier", scopes: ["events.read"], expiry: { in: "90d" } });

type Maker = { memberId: string };
const keysOf = async ({ memberId }: Maker) =>
  (await direct.query("select from api_keys where member_id = $1", [memberId])).rowCount;

/** From here on, the commit of a new key waits for this lock, as it might for a disk or a replica. */
const COMMIT_LOCK = 4711;
const SLOW_COMMIT = `
  create or replace function wait_at_commit() returns trigger language plpgsql as $$
    begin perform pg_advisory_xact_lock_shared(${COMMIT_LOCK}); return null; end $$;
  create constraint trigger wait_at_commit after insert on api_keys deferrable initially deferred
    for each row execute function wait_at_commit();`;

/** Cuts the connection while the database commits `change`; the database notices after the commit. */
async function loseCommitOf(change: () => Promise<unknown>): Promise<unknown> {
  await direct.query(SLOW_COMMIT);
  await direct.query("select pg_advisory_lock($1)", [COMMIT_LOCK]);
  const reason = reasonOf(change());
  const waiting =
    "select from pg_stat_activity where pg_backend_pid() = any (pg_blocking_pids(pid)) and query = 'COMMIT'";
  await expect.poll(async () => (await direct.query(waiting)).rowCount).toBe(1);
  await proxy.cut();
  await reason;
  await direct.query("select pg_advisory_unlock($1)", [COMMIT_LOCK]);
  await direct.query("drop trigger wait_at_commit on api_keys");
  await proxy.open();
  return reason;
}

describe("a change", () => {
  test("that the database couldn't take is answered 503, and in a form by a sentence that nothing was changed", async () => {
    const developer = await createTestDeveloper();
    await proxy.cut();
    const reason = await reasonOf(createApiKey(developer, input));
    expect(failure(reason).error).toEqual({
      code: "unavailable",
      message: "Latchkey can't reach its database right now. Nothing was changed; try again in a moment.",
      fields: {},
    });
    const { status, headers, body } = errorProblem(reason, "urn:request:r1");
    expect([status, headers["Retry-After"]]).toEqual([503, "1"]);
    expect(JSON.parse(body)).toMatchObject({ code: "unavailable", success: false });
    expect(await keysOf(developer)).toBe(0);
  });

  test("whose connection breaks before its commit has not happened, and is said not to have", async () => {
    const developer = await createTestDeveloper();
    const creating = inTransaction(async (tx) => {
      await createApiKeyIn(tx, developer, input);
      await proxy.cut();
      await tx.team.count();
    });
    const reason = await reasonOf(creating);
    expect(reason).not.toBeInstanceOf(OutcomeUnknown);
    expect(failure(reason).error.message).toContain("Nothing was changed");
    expect(await keysOf(developer)).toBe(0);
  });

  test("whose connection is found broken when it is to be committed has not happened, and is said not to have", async () => {
    const { userId } = await createTestDeveloper();
    const changing = inTransaction(async (tx) => {
      await tx.user.update({ where: { id: userId }, data: { name: "Other" } });
      await proxy.cut();
      await reasonOf(tx.team.count());
    });
    const reason = await reasonOf(changing);
    expect(reason).not.toBeInstanceOf(OutcomeUnknown);
    expect(failure(reason).error.message).toContain("Nothing was changed");
    const { rows } = await direct.query("select name from users where id = $1", [userId]);
    expect(rows[0].name).not.toBe("Other");
  });

  test("whose connection breaks in its commit may have happened, and is never said not to have", async () => {
    const developer = await createTestDeveloper();
    const reason = await loseCommitOf(() => createApiKey(developer, input));
    await expect.poll(() => keysOf(developer)).toBe(1);
    expect(reason).toBeInstanceOf(OutcomeUnknown);
    const { message } = failure(reason).error;
    expect(message).toContain("may have been made");
    expect(message).not.toMatch(/nothing was changed/i);
    const { status, headers, body } = errorProblem(reason, "urn:request:r1");
    expect([status, headers["Retry-After"]]).toEqual([503, undefined]);
    expect(JSON.parse(body)).toMatchObject({ code: "outcome_unknown" });
    expect(body).not.toMatch(/terminated|prisma/i);
  });

  test("by a program's named request that was lost in its commit is found when it is sent again", async () => {
    const developer = await createTestDeveloper();
    const hash = Buffer.from(createHash("sha256").update("body").digest());
    const request = { name: "one", hash, instance: "urn:request:r1" };
    const wanted = createKeySchema.parse({ scopes: ["events.read"] });
    const reason = await loseCommitOf(() => createKey(developer, wanted, request));
    expect(errorProblem(reason, "urn:request:r1").body).toContain("outcome_unknown");
    await expect.poll(() => keysOf(developer)).toBe(1);
    expect((await createKey(developer, wanted, request)).token).toBeNull();
    expect(await keysOf(developer)).toBe(1);
  });
});

test("once it is back, the very next change is made", async () => {
  const developer = await createTestDeveloper();
  await proxy.cut();
  await reasonOf(createApiKey(developer, input));
  await proxy.open();
  await createApiKey(developer, input);
  expect(await keysOf(developer)).toBe(1);
});
