import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { verifyChain } from "@/lib/audit/verify-chain";
import type { Actor } from "@/lib/auth/actor";
import { decideAboutToken } from "@/lib/testing/decide-about-token";
import { createTestKey, createTestMember, createTestTeam } from "@/lib/testing/fixtures";
import { createScratchDatabase } from "@/lib/testing/scratch-database";

/** A session as opened by logical replication's apply worker and by restore scripts: ordinary triggers don't fire. */
const replica = new pg.Client({ connectionString: process.env.TEST_OWNER_DATABASE_URL });

beforeAll(async () => {
  await replica.connect();
  await replica.query("set session_replication_role = replica");
});
afterAll(() => replica.end());

/** Triggers that count calls; the rows they write are replicated themselves. */
const COUNTING = ["api_key_usage_close_hour", "api_keys_delete_calls"];

test("every trigger except those that count calls also fires in sessions with ordinary triggers off", async () => {
  const { rows } = await replica.query<{ name: string; state: string }>(
    "select tgname as name, tgenabled as state from pg_trigger where not tgisinternal",
  );
  expect(rows.length).toBeGreaterThan(COUNTING.length);
  const notAlways = rows.filter(({ state }) => state !== "A");
  expect(notAlways.map(({ name }) => name).sort()).toEqual(COUNTING);
});

const CHANGES: [what: string, statement: (owner: Actor) => string][] = [
  ["a key is revoked", ({ memberId }) => `update api_keys set revoked_at = now() where member_id = '${memberId}'`],
  ["a key is deleted", ({ memberId }) => `delete from api_keys where member_id = '${memberId}'`],
  ["a member is disabled", ({ memberId }) => `update members set disabled_at = now() where id = '${memberId}'`],
  ["a user is deleted", ({ userId }) => `delete from users where id = '${userId}'`],
  ["a user is disabled", ({ userId }) => `update users set disabled_at = now() where id = '${userId}'`],
  ["a role loses its permissions", ({ teamId }) => `update roles set permissions = '{}' where team_id = '${teamId}'`],
  [
    "a policy is made",
    ({ teamId }) =>
      `insert into team_policies (team_id, limits_scopes, changed_at) values ('${teamId}', true, '2026-01-01')`,
  ],
];

describe("in a session with triggers off, the next verification sees that", () => {
  test.each(CHANGES)("%s", async (_, statement) => {
    const owner = await createTestMember(await createTestTeam());
    const { token } = await createTestKey(owner);
    const before = await decideAboutToken(token);
    expect(before.code).toBe("valid");
    const { rowCount } = await replica.query(statement(owner));
    expect(rowCount).toBeGreaterThan(0);
    expect(await decideAboutToken(token)).not.toEqual(before);
  });
});

test.each([
  ["user", "users", ({ userId }: Actor) => `id = '${userId}'`],
  ["role", "roles", ({ teamId }: Actor) => `team_id = '${teamId}'`],
])("in a session with triggers off, a member's %s that arrives after them is seen", async (_, table, which) => {
  const owner = await createTestMember(await createTestTeam());
  const { token } = await createTestKey(owner);
  await replica.query(`create temporary table late as select * from ${table} where ${which(owner)}`);
  await replica.query(`delete from ${table} where ${which(owner)}`);
  expect(await decideAboutToken(token)).toEqual({ code: "owner_inactive" });
  await replica.query(`insert into ${table} select * from late; drop table late`);
  expect((await decideAboutToken(token)).code).toBe("valid");
});

test("truncating a table changes the version of every team, with triggers on or off", async () => {
  const scratch = await createScratchDatabase();
  const client = new pg.Client({ connectionString: scratch.ownerUrl });
  await client.connect();
  await client.query("insert into teams (id, slug, name) values (gen_random_uuid(), 'acme', 'Acme')");
  const version = async () => (await client.query("select access_version from teams")).rows[0].access_version;
  const versions = [await version()];
  for (const role of ["origin", "replica"]) {
    await client.query(`set session_replication_role = ${role}`);
    for (const table of ["users", "members", "roles", "api_keys", "team_policies"]) {
      await client.query(`truncate ${table} cascade`);
      versions.push(await version());
    }
  }
  expect(new Set(versions).size).toBe(11);
  await client.end();
  await scratch.drop();
});

describe("in a session with triggers off, the audit log", () => {
  test.each(["update audit_entries set action = 'x'", "delete from audit_entries", "truncate audit_entries"])(
    "refuses: %s",
    async (statement) => {
      await createTestTeam();
      await expect(replica.query(statement)).rejects.toThrow("The audit log is append-only");
    },
  );

  test("chains an entry that isn't part of the chain yet", async () => {
    const { id } = await createTestTeam();
    await replica.query(
      `insert into audit_entries (id, team_id, action, actor_name, target_type, target_label)
       values (gen_random_uuid(), $1, 'a', 'b', 'c', 'd')`,
      [id],
    );
    expect(await verifyChain(replica, id)).toMatchObject({ entries: 2, broken: null });
  });
});
