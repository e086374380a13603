import { readFile } from "node:fs/promises";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectAsOwner } from "@/lib/testing/owner-database";
import { createScratchDatabase } from "@/lib/testing/scratch-database";
import { migrate } from "./migrate.ts";

const INSUFFICIENT_PRIVILEGE = "42501";

const asConsole = new pg.Client(process.env.DATABASE_URL);
const asVerifier = new pg.Client(process.env.TEST_VERIFIER_DATABASE_URL);
let asOwner: pg.Client;

beforeAll(async () => {
  asOwner = await connectAsOwner();
  await Promise.all([asConsole.connect(), asVerifier.connect()]);
});

afterAll(() => Promise.all([asOwner, asConsole, asVerifier].map((client) => client.end())));

const OUTSIDE_TRANSACTIONS = /^(alter system|create database)/;

async function expectRefused(client: pg.Client, statement: string): Promise<void> {
  if (!OUTSIDE_TRANSACTIONS.test(statement)) await client.query("begin");
  const refusal = await client.query(statement).then(
    () => "was allowed",
    (error: { code: string }) => error.code,
  );
  await client.query("rollback");
  expect(refusal, statement).toBe(INSUFFICIENT_PRIVILEGE);
}

/** What an attacker could try with SQL as the compromised process. */
const ATTACKS = [
  "update audit_entries set action = 'x'",
  "delete from audit_entries",
  "truncate audit_entries",
  "update audit_heads set seq = 0",
  "insert into audit_heads (team_id, seq, hash) values (gen_random_uuid(), 0, '')",
  "update teams set access_version = gen_random_uuid()",
  "delete from api_keys",
  "truncate api_keys cascade",
  "alter table audit_entries disable trigger all",
  "drop trigger audit_entries_chain on audit_entries",
  "create trigger mine before insert on audit_entries for each row execute function refuse_audit_change()",
  "alter table api_keys add column mine text",
  "drop table api_keys",
  "create or replace function refuse_audit_change() returns trigger language plpgsql as 'begin return new; end'",
  "create table mine ()",
  "create temp table teams ()",
  "create schema mine",
  "create extension pgcrypto",
  "set session_replication_role = replica",
  "select * from pg_authid",
  "select pg_read_file('/etc/passwd')",
  "select pg_read_file('postgresql.conf')",
  "copy (select 1) to program 'true'",
  "copy setup_codes from program 'true'",
  "copy (select 1) to '/tmp/latchkey-attack'",
  "select lo_import('/etc/passwd')",
  "alter system set log_statement = 'all'",
  "create role mine",
  "create database mine",
  "alter role current_user superuser",
  "set role latchkey",
  "update _prisma_migrations set checksum = ''",
];

test.each(ATTACKS)("neither the console nor the verifier may: %s", async (statement) => {
  await expectRefused(asConsole, statement);
  await expectRefused(asVerifier, statement);
});

test.each([
  "select password_hash from users",
  "select * from users",
  "select * from sessions",
  "select * from session_tokens",
  "select * from invitations",
  "select * from setup_codes",
  "select * from audit_entries",
  "select * from audit_heads",
  "insert into audit_entries (id, team_id, action, actor_name, target_type, target_label) values (gen_random_uuid(), gen_random_uuid(), '', '', '', '')",
  "update api_keys set revoked_at = null",
  "update members set removed_at = null",
  "update roles set grants_all = true",
  "update team_policies set may_never_expire = true",
  "delete from api_key_refusals",
])("the verifier may not: %s", (statement) => expectRefused(asVerifier, statement));

describe("prisma/grants.sql", () => {
  test("names every table of the schema", async () => {
    const grants = await readFile("prisma/grants.sql", "utf8");
    const named = new Set(grants.match(/(?<= ON ")\w+(?=")/g));
    const { rows } = await asOwner.query("select tablename as name from pg_tables where schemaname = 'public'");
    expect([...named].sort()).toEqual(rows.map(({ name }) => name).sort());
  });

  test("gives nobody a right with which the rest could be got around", async () => {
    const { rows: tables } = await asOwner.query(
      `select role, relname from pg_class, unnest(array['latchkey_console', 'latchkey_verifier', 'public']) as role
        where relnamespace = 'public'::regnamespace and relkind = 'r'
          and (has_table_privilege(role, oid, 'truncate, trigger, references') or (role = 'public' and relacl::text ~ '[{,]='))`,
    );
    expect(tables).toEqual([]);
    const { rows: roles } = await asOwner.query(
      `select rolname from pg_roles where rolname in ('latchkey_console', 'latchkey_verifier')
        and (rolsuper or rolcreatedb or rolcreaterole or rolreplication or rolbypassrls
          or has_schema_privilege(oid, 'public', 'create') or has_database_privilege(oid, current_database(), 'create, temp')
          or exists (select from pg_auth_members m where m.member = pg_roles.oid))`,
    );
    expect(roles).toEqual([]);
  });

  test("lets nobody else use our trigger functions, and those that run as the owner look up names in a fixed path", async () => {
    const { rows } = await asOwner.query(
      `select proname, prosecdef, proconfig from pg_proc
        where pronamespace = 'public'::regnamespace and prorettype = 'trigger'::regtype
          and (has_function_privilege('latchkey_console', oid, 'execute')
            or (prosecdef and not coalesce(proconfig, '{}') @> '{"search_path=pg_catalog, public, pg_temp"}'))`,
    );
    expect(rows).toEqual([]);
    const { rows: others } = await asOwner.query(
      `select proname from pg_proc
        where prosecdef and prorettype <> 'trigger'::regtype and pronamespace = 'public'::regnamespace`,
    );
    expect(others).toEqual([]);
  });
});

describe("a start", () => {
  test("takes back what the roles have beyond it, and gives what they lack", async () => {
    const scratch = await createScratchDatabase();
    const owner = new pg.Client(scratch.ownerUrl);
    const console = new pg.Client(scratch.url);
    await Promise.all([owner.connect(), console.connect()]);
    try {
      await owner.query(
        "grant update (action) on audit_entries to latchkey_console; revoke all on api_keys from latchkey_console",
      );
      await migrate(scratch.ownerUrl);
      await expectRefused(console, "update audit_entries set action = 'x'");
      expect((await console.query("select count(*) from api_keys")).rowCount).toBe(1);
    } finally {
      await Promise.all([owner.end(), console.end()]);
      await scratch.drop();
    }
  });

  test("as a user who owns no table works while nothing is to be migrated, and else says what to set", async () => {
    const scratch = await createScratchDatabase();
    const owner = new pg.Client(scratch.ownerUrl);
    await owner.connect();
    try {
      expect(await migrate(scratch.url)).toMatchObject({ applied: [] });
      await owner.query("delete from _prisma_migrations where migration_name like '%confirmed_addresses'");
      await expect(migrate(scratch.url)).rejects.toThrow(
        /must be migrated \(.*confirmed_addresses\).*latchkey_console.*MIGRATE_DATABASE_URL/,
      );
    } finally {
      await owner.end();
      await scratch.drop();
    }
  });

  test("of an earlier version leaves the grants of a later one alone", async () => {
    const scratch = await createScratchDatabase();
    const owner = new pg.Client(scratch.ownerUrl);
    const console = new pg.Client(scratch.url);
    await Promise.all([owner.connect(), console.connect()]);
    try {
      await owner.query("create table later (); grant select on later to latchkey_console");
      await owner.query(
        "insert into _prisma_migrations (id, checksum, migration_name) values ('later', '', '99999999999999_later')",
      );
      await migrate(scratch.ownerUrl);
      await expect(console.query("select from later")).resolves.toBeDefined();
    } finally {
      await Promise.all([owner.end(), console.end()]);
      await scratch.drop();
    }
  });
});
