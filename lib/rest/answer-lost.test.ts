import pg from "pg";
import { afterAll, beforeEach, expect, test } from "vitest";
import { DatabaseProxy } from "@/lib/testing/database-proxy";
import { createScratchDatabase } from "@/lib/testing/scratch-database";

const serverUrl = process.env.DATABASE_URL ?? "";
const scratch = await createScratchDatabase();
const proxy = new DatabaseProxy(scratch.url);
await proxy.open();
process.env.DATABASE_URL = proxy.url;

// Imported after the setup, so that the console connects through the proxy.
const { errorProblem } = await import("@/lib/http/error-problem");
const { changeKey } = await import("@/lib/rest/change-key");
const { createKey } = await import("@/lib/rest/create-key");
const { revokeKey } = await import("@/lib/rest/revoke-key");
const { rotateKey } = await import("@/lib/rest/rotate-key");
const { changeKeySchema, createKeySchema, rotateKeySchema } = await import("@/lib/rest/schemas");
const { createTestDeveloper, createTestKey } = await import("@/lib/testing/fixtures");

type Actor = Awaited<ReturnType<typeof createTestDeveloper>>;

/** Bypass the proxy: one delays commits, the other blocks reading the response. */
const [commits, answers] = [1, 2].map(() => new pg.Client({ connectionString: scratch.ownerUrl })) as [
  pg.Client,
  pg.Client,
];
await Promise.all([commits.connect(), answers.connect()]);

/** From here on, the commit of a key's change waits for this lock, as it might for a disk or a replica. */
const COMMIT_LOCK = 4711;
await commits.query(`
  create function wait_at_commit() returns trigger language plpgsql as $$
    begin perform pg_advisory_xact_lock_shared(${COMMIT_LOCK}); return null; end $$;
  create constraint trigger wait_at_commit after insert or update on api_keys deferrable initially deferred
    for each row execute function wait_at_commit();`);

beforeEach(() => proxy.open());
afterAll(async () => {
  await proxy.cut();
  await Promise.all([commits.end(), answers.end()]);
  process.env.DATABASE_URL = serverUrl;
  await scratch.drop();
});

const pidOf = async (client: pg.Client): Promise<number> =>
  (await client.query("select pg_backend_pid() as pid")).rows[0].pid;
const countWaitingFor = async (pid: number) =>
  (await commits.query("select from pg_stat_activity where $1 = any (pg_blocking_pids(pid))", [pid])).rowCount;

/** Cuts the connection after `change` has committed, while its result is being read; returns the error. */
async function loseAnswerOf(change: () => Promise<unknown>): Promise<unknown> {
  const [commitsPid, answersPid] = [await pidOf(commits), await pidOf(answers)];
  await commits.query("select pg_advisory_lock($1)", [COMMIT_LOCK]);
  const outcome = change().then(
    () => "answered",
    (reason: unknown) => reason,
  );
  await expect.poll(() => countWaitingFor(commitsPid)).toBe(1);
  // Blocks reads of this key, which then run as soon as the commit is done.
  await answers.query("begin");
  const taken = answers.query("lock table api_key_usage in access exclusive mode");
  const asked = "select from pg_locks where pid = $1 and mode = 'AccessExclusiveLock'";
  await expect.poll(async () => (await commits.query(asked, [answersPid])).rowCount).toBe(1);
  await commits.query("select pg_advisory_unlock($1)", [COMMIT_LOCK]);
  await taken;
  await expect.poll(() => countWaitingFor(answersPid)).toBeGreaterThan(0);
  await proxy.cut();
  const reason = await outcome;
  await answers.query("rollback");
  return reason;
}

test.each<[string, (actor: Actor, id: string) => Promise<unknown>, string]>([
  ["made", (actor) => createKey(actor, createKeySchema.parse({ scopes: ["events.read"] }), null), "id <> $2"],
  [
    "changed",
    (actor, id) => changeKey(actor, id, changeKeySchema.parse({ name: "After" })),
    "id = $2 and name = 'After'",
  ],
  ["revoked", (actor, id) => revokeKey(actor, id), "id = $2 and revoked_at is not null"],
  ["rotated", (actor, id) => rotateKey(actor, id, rotateKeySchema.parse({}), null), "rotated_from_id = $2"],
])(
  "a key that was %s, and can't be read for the answer, is not said to be open to another try",
  async (_, change, mark) => {
    const actor = await createTestDeveloper();
    const { id } = await createTestKey(actor, { name: "Before" });
    const reason = await loseAnswerOf(() => change(actor, id));
    const { status, headers, body } = errorProblem(reason, "urn:request:r1");
    expect([status, headers["Retry-After"], JSON.parse(body).code]).toEqual([503, undefined, "outcome_unknown"]);
    const changed = `select from api_keys where team_id = $1 and ${mark}`;
    expect((await commits.query(changed, [actor.teamId, id])).rowCount).toBe(1);
  },
);
