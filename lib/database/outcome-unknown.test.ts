import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { OutcomeUnknown } from "@/lib/database/database-away";
import { openProxiedDatabase } from "@/lib/testing/proxied-database";
import { reasonOf } from "@/lib/testing/reason-of";

const { proxy, direct } = await openProxiedDatabase();

// Imported after the setup, so that the console connects through the proxy.
const { failure } = await import("@/lib/action-result");
const { createApiKey, createApiKeyIn } = await import("@/lib/api-keys/create/create-api-key");
const { createApiKeySchema } = await import("@/lib/api-keys/schemas");
const { inTransaction } = await import("@/lib/database/db");
const { errorProblem } = await import("@/lib/http/error-problem");
const { createKey } = await import("@/lib/rest/create-key");
const { createKeySchema } = await import("@/lib/rest/schemas");
const { createTestDeveloper } = await import("@/lib/testing/fixtures");

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
