import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createScratchDatabase, type ScratchDatabase } from "@/lib/testing/scratch-database";
import { readVerifyOptions } from "./options.ts";

let scratch: ScratchDatabase;
let client: pg.Client;

beforeAll(async () => {
  scratch = await createScratchDatabase();
  client = new pg.Client({ connectionString: scratch.ownerUrl });
  await client.connect();
  for (const slug of ["acme", "globex"]) await addTeam(slug);
});

afterAll(async () => {
  await client.end();
  await scratch.drop();
});

async function addTeam(slug: string): Promise<void> {
  const id = randomUUID();
  await client.query("insert into teams (id, slug, name) values ($1, $2, $2)", [id, slug]);
  await client.query(
    `insert into audit_entries (id, team_id, action, actor_name, target_type, target_label)
     select gen_random_uuid(), $1, 'team.created', 'Ada', 'team', 'Entry ' || n from generate_series(1, 3) n`,
    [id],
  );
}

/** Runs the command as `npm run audit:verify` does; returns its exit code and output. */
function verify(...words: string[]): Promise<{ code: number; said: string }> {
  const args = ["--conditions=react-server", "scripts/run.mjs", "audit-verify", ...words];
  const env = { ...process.env, DATABASE_URL: scratch.url };
  return new Promise((resolve) =>
    execFile(process.execPath, args, { env }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === "number" ? error.code : error ? -1 : 0, said: stdout + stderr }),
    ),
  );
}

test("every team's log is verified, its head told, and the first broken entry named with exit code 1", async () => {
  const whole = await verify();
  expect(whole).toMatchObject({ code: 0 });
  expect(whole.said).toMatch(/✓ acme {2}3 entries {2}3:[0-9a-f]{64}\n✓ globex {2}3 entries {2}3:[0-9a-f]{64}/);
  const head = /acme .* (3:\S+)/.exec(whole.said)?.[1];

  await client.query("alter table audit_entries disable trigger user");
  const { rows } = await client.query(
    "update audit_entries set actor_name = 'Bob' where seq = 2 and team_id = (select id from teams where slug = 'globex') returning id",
  );
  const changed = await verify("--expect", `acme=${head}`);
  expect(changed.code).toBe(1);
  expect(changed.said).toContain("✓ acme  3 entries");
  expect(changed.said).toContain(`✗ globex  entry 2 (${rows[0].id}`);
  expect(changed.said).toContain("1 audit log is broken.");

  expect(await verify("--expect", `nobody=${head}`)).toMatchObject({
    code: 1,
    said: expect.stringContaining("Team “nobody” of --expect not found"),
  });
});

describe("a head to expect", () => {
  const hash = "a1".repeat(32);

  test("is a team, a number and a hash, as often as wanted", () => {
    expect(readVerifyOptions(["--expect", `acme=12:${hash}`, `--expect=globex=1:${hash}`])).toEqual([
      { team: "acme", seq: 12n, hash },
      { team: "globex", seq: 1n, hash },
    ]);
    expect(readVerifyOptions([])).toEqual([]);
  });

  test.each([["--expect", "acme"], ["--expect", `acme=1:${hash}0`], ["--expect"], ["acme"], ["--team", "acme"]])(
    "is refused with a sentence: %s %s",
    (...words) => {
      expect(() => readVerifyOptions(words)).toThrow(/--expect/);
    },
  );
});
