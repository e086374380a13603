import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startDebianPostgres } from "@/lib/testing/debian-postgres";
import { migrate } from "@/scripts/migrate";

const serverUrl = process.env.DATABASE_URL ?? "";
const server = await startDebianPostgres("wal_level=logical");
const admin = new pg.Client({ connectionString: server.urlOf("postgres") });
await admin.connect();
await admin.query("create database original");
process.env.DATABASE_URL = server.urlOf("original");
await migrate(process.env.DATABASE_URL);

// Imported after the setup, so that the console connects to the original.
const { renameApiKey } = await import("@/lib/api-keys/change/rename-api-key");
const { verifyChain } = await import("@/lib/audit/verify-chain");
const { db } = await import("@/lib/database/db");
const { createTestKey, createTestMember, createTestTeam } = await import("@/lib/testing/fixtures");

const DUMP = join(server.directory, "dump");
const team = await createTestTeam();
const actor = await createTestMember(team);
const key = await createTestKey(actor);

beforeAll(async () => {
  for (const name of ["One", "Two", "Three"]) await renameApiKey(actor, { id: key.id, name });
  await server.run("pg_dump", "--format=custom", `--file=${DUMP}`, server.urlOf("original"));
});

afterAll(async () => {
  await db.$disconnect();
  await admin.end();
  await server.remove();
  process.env.DATABASE_URL = serverUrl;
});

const ENTRIES = 4;

/** Opens a database of this server while `during` runs. */
async function inDatabase(name: string, during: (client: pg.Client, url: string) => Promise<void>): Promise<void> {
  await admin.query(`create database ${name}`);
  const url = server.urlOf(name);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await during(client, url).finally(() => client.end());
}

const versionOf = async (client: pg.Client): Promise<string> =>
  (await client.query("select access_version from teams where id = $1", [team.id])).rows[0]?.access_version;

const insertEntry = (client: pg.Client) =>
  client.query(
    `insert into audit_entries (id, team_id, action, actor_name, target_type, target_label)
     values (gen_random_uuid(), $1, 'a', 'b', 'c', 'd')`,
    [team.id],
  );

async function expectWholeChain(client: pg.Client): Promise<void> {
  expect(await verifyChain(client, team.id)).toMatchObject({ entries: ENTRIES, broken: null });
  await insertEntry(client);
  expect(await verifyChain(client, team.id)).toMatchObject({ entries: ENTRIES + 1, broken: null });
}

describe("a log's chain holds, and goes on", () => {
  test("after pg_dump and pg_restore, with every trigger as it was", () =>
    inDatabase("restored", async (client, url) => {
      await server.run("pg_restore", "--exit-on-error", `--dbname=${url}`, DUMP);
      expect(await migrate(url)).toEqual({ applied: [], repairedTriggers: [] });
      await expectWholeChain(client);
    }));

  test("after a restore of the data alone with --disable-triggers; the next start switches the triggers on again", () =>
    inDatabase("data_alone", async (client, url) => {
      await migrate(url);
      await client.query("delete from _prisma_migrations");
      await server.run("pg_restore", "--exit-on-error", "--data-only", "--disable-triggers", `--dbname=${url}`, DUMP);
      const restored = await versionOf(client);
      const { repairedTriggers } = await migrate(url);
      expect(repairedTriggers).toContain("audit_entries_chain");
      expect(repairedTriggers).toContain("api_keys_updated");
      expect(await versionOf(client)).not.toBe(restored);
      expect(await migrate(url)).toEqual({ applied: [], repairedTriggers: [] });
      await expectWholeChain(client);
    }));

  test("after a restore of the data alone in a session with triggers off", () =>
    inDatabase("data_by_replica", async (client, url) => {
      await migrate(url);
      await client.query("delete from _prisma_migrations");
      const script = join(server.directory, "data.sql");
      await server.run("pg_restore", "--data-only", `--file=${script}`, DUMP);
      const setting = "options=-csession_replication_role%3Dreplica";
      await server.run("psql", "--set=ON_ERROR_STOP=1", "--quiet", `--file=${script}`, `${url}?${setting}`);
      await expectWholeChain(client);
    }));

  test("where logical replication applies it, whose changes renew versions there", () =>
    inDatabase("subscriber", async (client, url) => {
      await migrate(url);
      await client.query("delete from _prisma_migrations");
      await db.$executeRawUnsafe("create publication everything for all tables");
      await db.$queryRawUnsafe("select pg_create_logical_replication_slot('subscriber', 'pgoutput')::text");
      await client.query(
        `create subscription subscriber connection '${server.urlOf("original")}' publication everything
         with (create_slot = false, slot_name = 'subscriber')`,
      );
      try {
        const copying = "select from pg_subscription_rel where srsubstate <> 'r'";
        await expect.poll(async () => (await client.query(copying)).rowCount).toBe(0);
        const before = await versionOf(client);
        const { id } = await createTestKey(actor);
        await expect.poll(async () => (await client.query("select from api_keys")).rowCount).toBe(2);
        // Bypasses the original's triggers, so that no new access version is replicated with it.
        await db.$transaction([
          db.$executeRawUnsafe("alter table api_keys disable trigger all"),
          db.$executeRawUnsafe(`update api_keys set revoked_at = now() where id = '${id}'`),
          db.$executeRawUnsafe("alter table api_keys enable trigger all"),
        ]);
        const revoked = "select from api_keys where revoked_at is not null";
        await expect.poll(async () => (await client.query(revoked)).rowCount).toBe(1);
        expect(await versionOf(client)).not.toBe(before);
        await renameApiKey(actor, { id: key.id, name: "Four" });
        await expect.poll(async () => (await client.query("select from audit_entries")).rowCount).toBe(ENTRIES + 1);
        expect(await verifyChain(client, team.id)).toMatchObject({ entries: ENTRIES + 1, broken: null });
      } finally {
        await client.query("alter subscription subscriber disable");
        await client.query("alter subscription subscriber set (slot_name = none)");
        await client.query("drop subscription subscriber");
      }
    }));
});
