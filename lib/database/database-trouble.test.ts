import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { HiddenFailure } from "@/lib/auth/next-auth";
import { reasonOf } from "@/lib/testing/reason-of";
import { createScratchDatabase } from "@/lib/testing/scratch-database";

type CredentialsProvider = { options: { authorize: (...input: unknown[]) => Promise<unknown> } };

const serverUrl = process.env.DATABASE_URL ?? "";
const scratch = await createScratchDatabase();
process.env.DATABASE_URL = scratch.url;

// Imported after the setup, so that the console connects to the scratch database.
const { failure } = await import("@/lib/action-result");
const { createApiKey } = await import("@/lib/api-keys/create/create-api-key");
const { apiKeyListSchema, listApiKeys } = await import("@/lib/api-keys/queries");
const { createApiKeySchema } = await import("@/lib/api-keys/schemas");
const { authOptions } = await import("@/lib/auth/next-auth");
const { signIn } = await import("@/lib/auth/sign-in");
const { takeAttempt } = await import("@/lib/auth/sign-in-throttle");
const { databaseTrouble } = await import("@/lib/database/database-away");
const { db, changePool, inTransaction, pool } = await import("@/lib/database/db");
const { errorProblem } = await import("@/lib/http/error-problem");
const { AppError } = await import("@/lib/errors");
const { latestTrouble } = await import("@/lib/database/latest-change");
const { consumeRateLimit } = await import("@/lib/auth/rate-limits");
const { readiness } = await import("@/lib/database/readiness");
const { createTestDeveloper, createTestUser, NEW_BROWSER, NOWHERE } = await import("@/lib/testing/fixtures");
const { startTestSession } = await import("@/lib/testing/sessions");
const { readSession } = await import("@/lib/sessions/read-session");

const direct = new pg.Client({ connectionString: scratch.ownerUrl });
beforeAll(() => direct.connect());
afterAll(async () => {
  await direct.end();
  process.env.DATABASE_URL = serverUrl;
  await scratch.drop();
});

const input = createApiKeySchema.parse({ name: "Zapier", scopes: ["events.read"], expiry: { in: "90d" } });

const keysOf = async ({ memberId }: { memberId: string }) =>
  (await direct.query("select from api_keys where member_id = $1", [memberId])).rowCount;

/** The messages that forms and programs get for a failed change. */
function told(reason: unknown) {
  const { status, headers, body } = errorProblem(reason, "urn:request:r1");
  const { code, detail } = JSON.parse(body);
  return { form: failure(reason).error, program: { status, retryAfter: headers["Retry-After"], code, detail } };
}

function tellsOf(message: string, retryAfter: string) {
  return {
    form: { code: "unavailable", message, fields: {} },
    program: { status: 503, retryAfter, code: "unavailable", detail: message },
  };
}

/** Readiness as load balancers see it, cached for a second. */
const expectReadiness = (database: string) => expect.poll(async () => (await readiness()).database).toBe(database);

describe("where the database is read-only", () => {
  const MESSAGE = "Latchkey's database is read-only right now. Nothing was changed; try again later.";

  /** Applies to new connections, as after a failover or an administrator's change. */
  async function setReadOnly(isReadOnly: boolean): Promise<void> {
    const name = new URL(scratch.url).pathname.slice(1);
    await direct.query("set transaction_read_only = off");
    await direct.query(`alter database ${name} set default_transaction_read_only = ${isReadOnly ? "on" : "off"}`);
    await direct.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and pid <> pg_backend_pid()",
      [name],
    );
    await expect.poll(() => pool.totalCount + changePool.totalCount).toBe(0);
  }

  afterEach(() => setReadOnly(false));

  test("a change says so, reads go on, and the next change is made when it is over", async () => {
    const developer = await createTestDeveloper();
    const session = await startTestSession(await createTestUser());
    await db.session.update({ where: { id: session.id }, data: { lastSeenAt: new Date(Date.now() - 3_600_000) } });
    await setReadOnly(true);
    expect(told(await reasonOf(createApiKey(developer, input)))).toEqual(tellsOf(MESSAGE, "30"));
    await expectReadiness("read_only");
    expect(await readSession(session.secret)).not.toBeNull();
    await setReadOnly(false);
    await createApiKey(developer, input);
    await expectReadiness("ok");
    expect(await keysOf(developer)).toBe(1);
  });

  test("signing in and out fails as well, and next-auth hides neither", async () => {
    const { email } = await createTestUser("kq7!Vz2m and more");
    const { secret } = await startTestSession(await createTestUser());
    await setReadOnly(true);
    const [signingIn, signingOut]: [HiddenFailure, HiddenFailure] = [{}, {}];
    const [provider] = authOptions(NOWHERE, signingIn).providers as CredentialsProvider[];
    const credentials = { email, password: "kq7!Vz2m and more" };
    await reasonOf(provider?.options.authorize(credentials, { headers: {} }) ?? expect.fail());
    await authOptions(NOWHERE, signingOut).events?.signOut?.({ token: { sid: secret }, session: {} } as never);
    for (const { error } of [signingIn, signingOut]) expect(told(error)).toEqual(tellsOf(MESSAGE, "30"));
    expect(await readSession(secret)).not.toBeNull();
  });
});

describe("where the database has run out of", () => {
  const MESSAGE =
    "Latchkey's database has run out of space or memory. Nothing was changed; contact your administrator.";

  /** Makes every insert into or delete from the table fail. */
  const runOut = (table: string, code: string, event: "insert" | "delete" = "insert") =>
    direct.query(`
      create or replace function run_out() returns trigger language plpgsql as $$
        begin raise exception 'no more' using errcode = '${code}'; end $$;
      create trigger run_out before ${event} on ${table} for each row execute function run_out();`);

  afterEach(() => direct.query("drop trigger if exists run_out on audit_entries"));

  test("disk space for heartbeats, readiness doesn't blame another server", async () => {
    await createApiKey(await createTestDeveloper(), input);
    await expectReadiness("ok");
    await direct.query("delete from heartbeats");
    await runOut("heartbeats", "53100");
    await expectReadiness("exhausted");
    await direct.query("drop trigger run_out on heartbeats");
    await expectReadiness("ok");
  });

  test("disk space for what is counted before a change, readiness tells as well", async () => {
    const { userId } = await createTestDeveloper();
    expect(latestTrouble()).not.toBe("exhausted");
    await runOut("rate_limits", "53100");
    expect(databaseTrouble(await reasonOf(consumeRateLimit("exports", userId)))).toBe("exhausted");
    expect(latestTrouble()).toBe("exhausted");
    await direct.query("drop trigger run_out on rate_limits");
  });

  test("disk space once a session is made, its user is signed in", async () => {
    const { email } = await createTestUser("kq7!Vz2m and more");
    await runOut("sign_in_failures", "53100", "delete");
    const signed = await signIn({ email, password: "kq7!Vz2m and more" }, NOWHERE, NEW_BROWSER);
    expect(signed.status).toBe("signed_in");
    await direct.query("drop trigger run_out on sign_in_failures");
  });

  test.each([
    ["disk space", "53100"],
    ["memory", "53200"],
    ["what its configuration allows", "53400"],
    ["a disk that works", "58030"],
  ])("%s, a change says so and leaves nothing behind", async (_, code) => {
    const developer = await createTestDeveloper();
    await runOut("audit_entries", code);
    expect(told(await reasonOf(createApiKey(developer, input)))).toEqual(tellsOf(MESSAGE, "30"));
    await expectReadiness("exhausted");
    expect(await keysOf(developer)).toBe(0);
    // A read, or a change rejected earlier, doesn't reveal it.
    await consumeRateLimit("exports", developer.userId);
    await reasonOf(inTransaction(() => Promise.reject(new AppError("conflict", "No."))));
    expect(latestTrouble()).toBe("exhausted");
  });
});

describe("where somebody else keeps a row locked", () => {
  const MESSAGE = "Someone else is changing this right now. Nothing was changed; try again in a moment.";
  const WAITING = "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";

  test("a change gives up with a sentence; as many as there are connections hold up no page and no session", async () => {
    const developer = await createTestDeveloper();
    const session = await startTestSession(await createTestUser());
    // Opened in advance: on a busy machine, connecting takes as long as the lock timeout.
    for (const each of [pool, changePool])
      await Promise.all(Array.from({ length: 10 }, () => each.query("select pg_sleep(1)")));
    await direct.query("begin");
    await direct.query("select from members where id = $1 for update", [developer.memberId]);
    const stalled = Array.from({ length: 10 }, () => reasonOf(createApiKey(developer, input)));
    await expect.poll(async () => (await direct.query(WAITING)).rowCount).toBe(10);
    const reads = Array.from({ length: 10 }, () =>
      Promise.all([
        readSession(session.secret),
        listApiKeys(developer, "personal", apiKeyListSchema.parse({})),
        pool.query("select 1"),
      ]),
    );
    await Promise.all(reads);
    expect((await direct.query(WAITING)).rowCount).toBe(10);
    for (const reason of await Promise.all(stalled)) expect(told(reason)).toEqual(tellsOf(MESSAGE, "1"));
    await direct.query("rollback");
    await createApiKey(developer, input);
    expect(await keysOf(developer)).toBe(1);
  });

  test("a sign-in gives up as well, when what it counts is locked", async () => {
    const attempt = { email: "owner@example.com", ip: null, browser: null };
    await takeAttempt(attempt);
    await direct.query("begin");
    await direct.query("select from sign_in_failures for update");
    expect(databaseTrouble(await reasonOf(takeAttempt(attempt)))).toBe("locked");
    await direct.query("rollback");
    await takeAttempt(attempt);
  });
});
