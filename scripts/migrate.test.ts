import { readFile } from "node:fs/promises";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { knownMigrations, pendingMigrations } from "@/lib/database/migrations";
import { migrate } from "./migrate.ts";
import { CURRENT_SCHEMA, MIGRATED_SCHEMA } from "./migrations/migration-files.ts";

const admin = new pg.Client({ connectionString: process.env.TEST_OWNER_DATABASE_URL });

beforeAll(() => admin.connect());
afterAll(() => admin.end());

async function withEmptyDatabase(run: (url: string, client: pg.Client) => Promise<void>): Promise<void> {
  const name = `migrate_${crypto.randomUUID().replaceAll("-", "")}`;
  const url = new URL(process.env.TEST_OWNER_DATABASE_URL ?? "");
  url.pathname = `/${name}`;
  await admin.query(`create database ${name}`);
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  await run(url.href, client).finally(() => client.end());
  await admin.query(`drop database ${name} with (force)`);
}

const sqlOf = (name: string) => readFile(`prisma/migrations/${name}/migration.sql`, "utf8");

describe("migrate", () => {
  test("brings an empty database up to date, and does nothing the second time", () =>
    withEmptyDatabase(async (url, client) => {
      expect(await pendingMigrations(client)).toEqual(await knownMigrations());
      expect(await migrate(url)).toEqual({ applied: await knownMigrations(), repairedTriggers: [] });
      expect(await pendingMigrations(client)).toEqual([]);
      expect(await migrate(url)).toEqual({ applied: [], repairedTriggers: [] });
    }));

  test("five consoles that start together apply each migration once", () =>
    withEmptyDatabase(async (url) => {
      const results = await Promise.all(Array.from({ length: 5 }, () => migrate(url)));
      expect(results.flatMap((result) => result.applied).sort()).toEqual(await knownMigrations());
    }));

  test("a migration that fails leaves nothing behind and says why", () =>
    withEmptyDatabase(async (url, client) => {
      await client.query("create table organizer_events ()");
      await expect(migrate(url)).rejects.toThrow(/failed and changed nothing; .*"organizer_events" already exists/);
      const { rows } = await client.query("select from pg_tables where schemaname = 'public'");
      expect(rows).toHaveLength(1);
    }));
});

test("sessions whose id was their secret end when sessions get secrets of their own", () =>
  withEmptyDatabase(async (_, client) => {
    const name = "20261130010000_session_secrets";
    for (const earlier of (await knownMigrations()).filter((each) => each < name))
      await client.query(await sqlOf(earlier));
    await client.query("insert into users (id, email, name) values (gen_random_uuid(), 'a@example.com', 'A')");
    await client.query(
      `insert into sessions (id, user_id, expires_at, ended_at)
      select gen_random_uuid(), u.id, now() + interval '1 day', e from users u, unnest(array[null, timestamptz '2026-01-01']) e`,
    );
    await client.query(await sqlOf(name));
    const { rows } = await client.query(
      `select count(*) filter (where ended_at is null)::int as live, count(*) filter (where ended_at < '2026-01-02')::int as as_before,
      count(*) filter (where secret_hash = sha256(id::text::bytea))::int as guessable, count(distinct secret_hash)::int as secrets
      from sessions`,
    );
    expect(rows).toEqual([{ live: 0, as_before: 1, guessable: 0, secrets: 2 }]);
  }));

test("the schema has no change that still lacks its migration", async () => {
  expect(await readFile(MIGRATED_SCHEMA, "utf8")).toBe(await readFile(CURRENT_SCHEMA, "utf8"));
});

describe("the audit log", () => {
  test.each(["update audit_entries set action = 'x'", "delete from audit_entries", "truncate audit_entries"])(
    "refuses: %s",
    async (statement) => {
      await admin.query("begin");
      await insertAuditEntry();
      await expect(admin.query(statement)).rejects.toThrow("The audit log is append-only");
      await admin.query("rollback");
    },
  );
});

async function insertAuditEntry(): Promise<void> {
  await admin.query("insert into teams (id, slug, name) values (gen_random_uuid(), gen_random_uuid(), 'Team')");
  await admin.query(
    `insert into audit_entries (id, team_id, action, actor_name, target_type, target_label)
     select gen_random_uuid(), id, 'a', 'b', 'c', 'd' from teams limit 1`,
  );
}
