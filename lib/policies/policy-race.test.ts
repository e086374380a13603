import { describe, expect, test } from "vitest";
import { createApiKey } from "@/lib/api-keys/create/create-api-key";
import { rotateApiKey } from "@/lib/api-keys/rotate/rotate-api-key";
import { createApiKeySchema } from "@/lib/api-keys/schemas";
import type { Actor } from "@/lib/auth/actor";
import { databaseTrouble } from "@/lib/database/database-away";
import { db, pool } from "@/lib/database/db";
import { savePolicy } from "@/lib/policies/save-policy";
import { DEFAULT_POLICY } from "@/lib/policies/team-policy";
import { decideAboutToken } from "@/lib/testing/decide-about-token";
import { expectAppError } from "@/lib/testing/expect-app-error";
import { createTestKey, createTestMember, createTestTeam } from "@/lib/testing/fixtures";
import { connectAsOwner } from "@/lib/testing/owner-database";

const NO_ETERNITY = { ...DEFAULT_POLICY, memberScopes: null, mayNeverExpire: false, seen: null };
const eternal = (kind: "personal" | "team") =>
  createApiKeySchema.parse({ kind, scopes: ["events.read"], expiry: { in: "never" } });

async function people(makers: number) {
  const team = await createTestTeam();
  const admin = () => createTestMember(team, { role: "Admin" });
  return { manager: await admin(), makers: await Promise.all(Array.from({ length: makers }, admin)) };
}

/** Starts `first`, which gets as far as its audit entry, then `second`, and lets both continue. */
async function overlapping<Result>({ teamId }: Actor, first: () => Promise<unknown>, second: () => Promise<Result>) {
  const holder = await connectAsOwner();
  await holder.query("begin");
  const { rows } = await holder.query("select pg_backend_pid() as pid from audit_heads where team_id = $1 for update", [
    teamId,
  ]);
  const begun = first();
  await expect.poll(() => countWaiting(rows[0].pid)).toBe(1);
  const result = Promise.allSettled([second()]);
  await expect.poll(() => countWaiting(rows[0].pid)).toBe(2);
  await holder.query("commit");
  await holder.end();
  await begun;
  return (await result)[0];
}

/** The number of connections that wait for this one, directly or indirectly. */
async function countWaiting(pid: number): Promise<number> {
  const { rows } = await pool.query(
    `with recursive waiting(pid) as (
       select $1::int union
       select a.pid from pg_stat_activity a join waiting w on w.pid = any (pg_blocking_pids(a.pid))
     ) select count(*)::int - 1 as count from waiting`,
    [pid],
  );
  return rows[0].count;
}

describe("while a stricter policy is being saved", () => {
  test.each(["personal", "team"] as const)("a new %s key waits for it, and is held to it", async (kind) => {
    const { manager, makers } = await people(1);
    const [maker] = makers as [Actor];
    const save = () => savePolicy(manager, NO_ETERNITY);
    const made = await overlapping(manager, save, () => createApiKey(maker, eternal(kind)));
    expect(made).toMatchObject({
      status: "rejected",
      reason: { code: "invalid", fields: { expiry: expect.any(String) } },
    });
    expect(await db.apiKey.count({ where: { teamId: manager.teamId } })).toBe(0);
  });

  test("a rotation waits for it: the successor gets a lifetime that it allows", async () => {
    const { manager, makers } = await people(1);
    const [maker] = makers as [Actor];
    const { id } = await createTestKey(maker, { expiresAt: null });
    const save = () => savePolicy(manager, NO_ETERNITY);
    const made = await overlapping(manager, save, () => rotateApiKey(maker, { id }));
    const { key, token } = made.status === "fulfilled" ? made.value : expect.fail(String(made.reason));
    expect(key.expiresAt).not.toBeNull();
    expect((await decideAboutToken(token)).code).toBe("valid");
  });

  test("keys of one team don't wait for one another, nor for the policy of another team", async () => {
    const { manager, makers } = await people(1);
    const { manager: stranger } = await people(0);
    const holder = await pool.connect();
    await holder.query("begin");
    await holder.query("select pg_advisory_xact_lock(hashtextextended($1, 0))", [`team:${stranger.teamId}`]);
    await holder.query("select pg_advisory_xact_lock_shared(hashtextextended($1, 0))", [`team:${manager.teamId}`]);
    await createApiKey(makers[0] as Actor, eternal("personal"));
    await holder.query("commit");
    holder.release();
  });
});

test("a policy saved while a key is being made leaves that key alone", async () => {
  const { manager, makers } = await people(1);
  const [maker] = makers as [Actor];
  let token = "";
  const create = async () => {
    token = (await createApiKey(maker, eternal("personal"))).token;
  };
  const saved = await overlapping(manager, create, () => savePolicy(manager, NO_ETERNITY));
  expect(saved.status).toBe("fulfilled");
  expect((await decideAboutToken(token)).code).toBe("valid");
  await expectAppError(createApiKey(maker, eternal("personal")), "invalid");
});

test("of many keys made in the instant of a stricter policy each works or isn't made", {
  timeout: 60_000,
}, async () => {
  for (let round = 0; round < 12; round++) {
    const { manager, makers } = await people(5);
    const creations = makers.flatMap((maker) => [
      () => createApiKey(maker, eternal("personal")),
      () => createApiKey(maker, eternal("team")),
    ]);
    creations.splice(
      round % creations.length,
      0,
      () => savePolicy(manager, NO_ETERNITY).then(() => ({ token: null })) as never,
    );
    const results = await Promise.allSettled(creations.map((create) => create()));
    for (const result of results) {
      // On a busy machine, the last one may wait longer than the lock timeout.
      if (result.status === "rejected" && databaseTrouble(result.reason) === "locked") continue;
      if (result.status === "rejected") expect(result.reason).toMatchObject({ code: "invalid" });
      else if (result.value.token !== null) expect((await decideAboutToken(result.value.token)).code).toBe("valid");
    }
  }
});
