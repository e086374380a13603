import { readFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { expect, test } from "vitest";
import { knownMigrations, MIGRATIONS_DIR } from "@/lib/database/migrations";

const MIGRATION = "20261130050000_confirmed_addresses";

const PEOPLE = `
  insert into teams (id, slug, name) values (gen_random_uuid(), 'one', 'One'), (gen_random_uuid(), 'two', 'Two');
  insert into roles (id, team_id, name, grants_all) select gen_random_uuid(), id, 'Admin', true from teams;
  insert into users (id, email, name, created_at) select gen_random_uuid(), name || '@example.com', name, now() + place * interval '1 day'
    from unnest(array['first', 'invited', 'renamed', 'linked']) with ordinality as people (name, place);
  insert into members (id, team_id, user_id, role_id)
    select gen_random_uuid(), r.team_id, u.id, r.id from users u cross join roles r;
  insert into invitations (id, team_id, role_id, email, code_hash, invited_by_id, expires_at, accepted_at, accepted_by_id)
    select gen_random_uuid(), m.team_id, m.role_id,
      case u.name when 'invited' then u.email when 'renamed' then 'old@example.com' end,
      sha256(u.id::text::bytea), m.id, now(), now(), u.id
    from members m join users u on u.id = m.user_id join teams t on t.id = m.team_id where t.slug = 'one' and u.name <> 'first'`;

test("existing addresses are confirmed where the operator or a team's manager named them, and no others", async () => {
  const admin = new pg.Client({ connectionString: process.env.TEST_OWNER_DATABASE_URL });
  await admin.connect();
  const name = `migrate_${crypto.randomUUID().replaceAll("-", "")}`;
  await admin.query(`create database ${name}`);
  const url = new URL(process.env.TEST_OWNER_DATABASE_URL ?? "");
  url.pathname = `/${name}`;
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  const apply = async (migration: string) =>
    client.query(await readFile(join(MIGRATIONS_DIR, migration, "migration.sql"), "utf8"));
  try {
    for (const migration of await knownMigrations()) if (migration < MIGRATION) await apply(migration);
    await client.query(PEOPLE);
    await apply(MIGRATION);
    const { rows } = await client.query(`
      select u.name, t.slug from members m join users u on u.id = m.user_id join teams t on t.id = m.team_id
      where u.email in (u.confirmed_email, m.confirmed_email) order by 1, 2`);
    expect(rows).toEqual([
      { name: "first", slug: "one" },
      { name: "first", slug: "two" },
      { name: "invited", slug: "one" },
    ]);
  } finally {
    await client.end();
    await admin.query(`drop database ${name} with (force)`);
    await admin.end();
  }
});
