import { randomUUID } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type SavedHead, verifyChain } from "@/lib/audit/verify-chain";
import { createScratchDatabase, type ScratchDatabase } from "@/lib/testing/scratch-database";

let scratch: ScratchDatabase;
let client: pg.Client;
let teamId: string;

beforeAll(async () => {
  scratch = await createScratchDatabase();
  client = new pg.Client({ connectionString: scratch.ownerUrl });
  await client.connect();
});

afterAll(async () => {
  await client.end();
  await scratch.drop();
});

beforeEach(async () => {
  teamId = await teamWithLog(6);
});

async function teamWithLog(entries: number): Promise<string> {
  const id = randomUUID();
  await client.query("insert into teams (id, slug, name) values ($1, $2, 'Acme')", [id, id]);
  await client.query(
    `insert into audit_entries (id, team_id, action, actor_id, actor_name, target_type, target_label, ip, user_agent, details)
     select gen_random_uuid(), $1, 'api_key.renamed', gen_random_uuid(), 'Ada “Ö”', 'api_key', 'Key ' || n, '192.0.2.1', null,
       jsonb_build_object('from', 'a' || n, 'to', E'b\\n"' || n, 'many', jsonb_build_array(n, 1.50, null, true))
     from generate_series(1, $2::int) n`,
    [id, entries],
  );
  return id;
}

/** Bypasses all triggers, as the database's owner can. */
async function tamper(...statements: string[]): Promise<void> {
  await client.query("alter table audit_entries disable trigger user");
  for (const statement of statements) await client.query(statement.replaceAll("TEAM", `team_id = '${teamId}'`));
  await client.query("alter table audit_entries enable trigger user");
}

const idOf = async (seq: number) =>
  (await client.query("select id from audit_entries where team_id = $1 and seq = $2", [teamId, seq])).rows[0]?.id;

const verify = (saved: SavedHead[] = []) => verifyChain(client, teamId, saved);

const headOf = async (team: string): Promise<SavedHead> =>
  (await verifyChain(client, team)).head ?? expect.fail("the team has no log");

/** Recomputes the hashes from this entry on with the database's function, and updates the head. */
const rechain = (from: number) => `
  do $$ declare e audit_entries; previous bytea := coalesce((select hash from audit_entries where TEAM and seq = ${from - 1}), '');
  begin
    for e in select * from audit_entries where TEAM and seq >= ${from} order by seq loop
      previous := audit_entry_hash(previous, e);
      update audit_entries set hash = previous where id = e.id;
      update audit_heads set seq = e.seq, hash = previous where TEAM;
    end loop;
  end $$`;

describe("a log that is as it was written", () => {
  test("has its number of entries and a head", async () => {
    const { rows } = await client.query(
      "select seq::text, encode(hash, 'hex') as hash from audit_heads where team_id = $1",
      [teamId],
    );
    expect(await verify()).toEqual({ entries: 6, head: { seq: 6n, hash: rows[0].hash }, broken: null });
  });

  test("goes over several pieces", async () => {
    teamId = await teamWithLog(2_500);
    expect(await verify()).toMatchObject({ entries: 2_500, broken: null });
    await tamper("update audit_entries set ip = '192.0.2.9' where TEAM and seq = 2001");
    expect((await verify()).broken).toMatchObject({ seq: 2001n, fault: "changed" });
  });

  test("still has the heads that were saved, however long it has become", async () => {
    const saved = await headOf(teamId);
    await client.query(
      `insert into audit_entries (id, team_id, action, actor_name, target_type, target_label)
       values (gen_random_uuid(), $1, 'team.created', 'Ada', 'team', 'x')`,
      [teamId],
    );
    expect(await verify([saved])).toMatchObject({ entries: 7, broken: null });
  });

  test("is read past a function of the database that was replaced to agree with everything", async () => {
    const { rows } = await client.query("select pg_get_functiondef('audit_entry_hash'::regproc) as text");
    await client.query(
      "create or replace function audit_entry_hash(previous bytea, e audit_entries) returns bytea language sql stable as $$ select sha256(previous) $$",
    );
    expect(await verify()).toMatchObject({ broken: null });
    await client.query(rows[0].text);
  });
});

describe("the first broken entry is named when", () => {
  test.each([
    ["a detail was changed", `details = '{"from": "a3", "to": "other"}'`],
    ["its time was changed", "at = at + interval '1 millisecond'"],
    ["somebody else was written in", "actor_name = 'Bob'"],
    ["nobody was written in", "actor_id = null"],
    ["what it was done to was changed", "target_label = 'Key 4'"],
    ["the program was changed", "user_agent = ''"],
    ["its hash was changed", "hash = sha256('x')"],
  ])("%s", async (_, change) => {
    await tamper(`update audit_entries set ${change} where TEAM and seq in (3, 5)`);
    expect((await verify()).broken).toMatchObject({ seq: 3n, id: await idOf(3), fault: "changed" });
  });

  test("one was deleted in the middle", async () => {
    const after = await idOf(5);
    await tamper("delete from audit_entries where TEAM and seq in (3, 4)");
    const { broken, entries } = await verify();
    expect(broken).toMatchObject({ seq: 3n, id: null, fault: "missing" });
    expect(broken?.reason).toContain(after);
    expect(entries).toBe(2);
  });

  test("the first was deleted", async () => {
    await tamper("delete from audit_entries where TEAM and seq = 1");
    expect((await verify()).broken).toMatchObject({ seq: 1n, fault: "missing" });
  });

  test("one was deleted and the others moved up", async () => {
    await tamper(
      "delete from audit_entries where TEAM and seq = 3",
      "update audit_entries set seq = seq - 10 where TEAM and seq > 3",
      "update audit_entries set seq = seq + 9 where TEAM and seq <= 0",
    );
    expect((await verify()).broken).toMatchObject({ seq: 3n, id: await idOf(3), fault: "changed" });
  });

  test("the end was cut off", async () => {
    await tamper("delete from audit_entries where TEAM and seq >= 5");
    expect((await verify()).broken).toMatchObject({ seq: 5n, id: null, fault: "tail cut" });
  });

  test("the end was cut off with its head, and a head was saved before", async () => {
    const saved = await headOf(teamId);
    await tamper("delete from audit_entries where TEAM and seq >= 5", rechain(1));
    expect((await verify()).broken).toBeNull();
    expect((await verify([saved])).broken).toMatchObject({ seq: 5n, fault: "tail cut" });
  });

  test("the log was written anew as a whole, and a head was saved before", async () => {
    const saved = await headOf(teamId);
    await tamper("update audit_entries set actor_name = 'Bob' where TEAM and seq = 2", rechain(2));
    expect((await verify()).broken).toBeNull();
    expect((await verify([saved])).broken).toMatchObject({ seq: 6n, fault: "changed" });
  });

  test("everything is gone", async () => {
    await tamper("delete from audit_entries where TEAM", "delete from audit_heads where TEAM");
    expect((await verify()).broken).toMatchObject({ seq: 1n, fault: "tail cut" });
  });

  test("the head is gone, or another's", async () => {
    await tamper("update audit_heads set hash = sha256('x') where TEAM");
    expect((await verify()).broken).toMatchObject({ seq: 6n, fault: "changed" });
    await tamper("delete from audit_heads where TEAM");
    expect((await verify()).broken).toMatchObject({ seq: 6n, fault: "changed" });
  });

  test.each([
    ["neighbours", 3, 4],
    ["two far apart", 2, 5],
  ])("%s changed places", async (_, one, other) => {
    const moved = await idOf(other);
    await tamper(
      `update audit_entries set seq = seq + 100 where TEAM and seq in (${one}, ${other})`,
      `update audit_entries set seq = ${other} where TEAM and seq = ${100 + one}`,
      `update audit_entries set seq = ${one} where TEAM and seq = ${100 + other}`,
    );
    expect((await verify()).broken).toMatchObject({ seq: BigInt(one), id: moved, fault: "out of order" });
  });

  const insert = (seq: number, hash = "sha256('x')") =>
    `insert into audit_entries (id, team_id, action, actor_name, target_type, target_label, seq, hash)
     values (gen_random_uuid(), '${teamId}', 'api_key.created', 'Bob', 'api_key', 'Forged', ${seq}, ${hash})`;

  test("one was put in between and the others moved down", async () => {
    await tamper(
      "update audit_entries set seq = seq + 100 where TEAM and seq >= 3",
      insert(3),
      "update audit_entries set seq = seq - 99 where TEAM and seq > 100",
    );
    expect((await verify()).broken).toMatchObject({ seq: 3n, id: await idOf(3), fault: "inserted" });
  });

  test("one was put at the end", async () => {
    await tamper(insert(7));
    expect((await verify()).broken).toMatchObject({ seq: 7n, id: await idOf(7) });
    await tamper(
      "update audit_entries e set hash = audit_entry_hash((select hash from audit_entries p where p.team_id = e.team_id and p.seq = 6), e) where TEAM and seq = 7",
    );
    expect((await verify()).broken).toMatchObject({ seq: 7n, id: await idOf(7), fault: "inserted" });
  });

  test("one has the number of another, or one before the first", async () => {
    await client.query("drop index audit_entries_team_id_seq_key");
    await tamper(insert(4));
    expect((await verify()).broken).toMatchObject({ seq: 4n, fault: "inserted" });
    await tamper("delete from audit_entries where TEAM and target_label = 'Forged'", insert(0));
    expect((await verify()).broken).toMatchObject({ seq: 0n, fault: "inserted" });
    await tamper("delete from audit_entries where TEAM and target_label = 'Forged'");
    await client.query("create unique index audit_entries_team_id_seq_key on audit_entries(team_id, seq)");
  });
});
