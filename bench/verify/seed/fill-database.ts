import { randomBytes } from "node:crypto";
import pg from "pg";
import { generateToken } from "../../../lib/api-keys/token.ts";
import { db } from "../../../lib/database/db.ts";
import { runShutdownHooks } from "../../../lib/shutdown.ts";
import { addMembers } from "../../../scripts/seed/add-members.ts";
import { createTeamWithAdmin } from "../../../scripts/seed/find-team.ts";
import { insertRows } from "../../../scripts/seed/insert-rows.ts";
import { type KeyOwner, readKeyOwners } from "../../../scripts/seed/key-owners.ts";
import { makeUpKey } from "../../../scripts/seed/make-up-key.ts";
import { createRandom, pick, type Random } from "../../../scripts/seed/random.ts";
import { uuidV7 } from "../../../scripts/seed/uuid-v7.ts";
import { appendTokens, type TokenFiles, tokenFiles } from "./token-files.ts";

const MEMBERS = 200;
const BATCH_SIZE = 5_000;

/**
 * Fills the migrated database at DATABASE_URL with one team: 200 members in the usual roles, and active keys of those
 * who can have some. Runs in its own process, because the database client connects to only one database:
 * `fill-database.ts <keys> <keys to revoke> <directory for tokens>`.
 */
async function fillDatabase(keys: number, keysToRevoke: number, directory: string): Promise<void> {
  const files = tokenFiles(directory);
  const random = createRandom(keys);
  const password = randomBytes(12).toString("base64url");
  const team = await createTeamWithAdmin("Bench", "admin@example.com", password);
  await addMembers(team.id, MEMBERS, "no password has this hash", random);
  const owners = await readKeyOwners(team.id, random);
  await addActiveKeys(team.id, owners, keys, random, (tokens) => keepLoadTokens(files, tokens));
  await addActiveKeys(team.id, owners, keysToRevoke, random, (tokens) =>
    appendTokens(
      files.toRevoke,
      tokens.map(({ token }) => token),
    ),
  );
  appendTokens(files.caller, [await addCaller(team.id)]);
  await noteUses();
}

type NewToken = { token: string; scopes: readonly string[] };

/** Generates the next batch while the previous one is written. */
async function addActiveKeys(
  teamId: string,
  owners: KeyOwner[],
  count: number,
  random: Random,
  keep: (tokens: NewToken[]) => void,
): Promise<void> {
  const now = new Date();
  let writing = Promise.resolve();
  for (let left = count; left > 0; left -= BATCH_SIZE) {
    const batch = Array.from({ length: Math.min(BATCH_SIZE, left) }, () =>
      makeUpKey(random, teamId, pick(random, owners), "personal", "active", now),
    );
    await writing;
    writing = insertRows(
      db,
      "api_keys",
      batch.map(({ row }) => row),
    );
    keep(batch.map(({ token, row }) => ({ token, scopes: row.scopes })));
  }
  await writing;
}

function keepLoadTokens(files: TokenFiles, batch: NewToken[]): void {
  const tokens = batch.map(({ token }) => token);
  appendTokens(files.all, tokens);
  appendTokens(files.garbage, tokens.map(withWrongChecksum));
  appendTokens(
    files.eventsRead,
    batch.filter(({ scopes }) => scopes.includes("events.read")).map(({ token }) => token),
  );
}

function withWrongChecksum(token: string): string {
  return token.slice(0, -1) + (token.endsWith("0") ? "1" : "0");
}

/** A team key for calling /introspect and /verify. */
async function addCaller(teamId: string): Promise<string> {
  const { token, tokenHash, tokenStart, tokenLastFour } = generateToken("team");
  const now = new Date();
  const row = {
    id: uuidV7(now),
    team_id: teamId,
    kind: "team",
    name: "Gateway",
    token_hash: `\\x${tokenHash.toString("hex")}`,
    token_start: tokenStart,
    token_last_four: tokenLastFour,
    scopes: ["keys.verify"],
    created_at: now,
    allowed_ips: [],
  };
  await insertRows(db, "api_keys", [row]);
  return token;
}

/**
 * Records a recent use of every key. Without these rows, the first seconds of each measurement would insert what later
 * ones update.
 */
async function noteUses(): Promise<void> {
  // A million rows take longer than the console's statement timeout.
  const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
  await client.connect();
  await client.query(`
    insert into api_key_usage (key_id, team_id, last_used_at, last_used_ip, last_used_user_agent, hour, calls)
    select id, team_id, now(), '192.0.2.1', 'bench', date_trunc('hour', now(), 'UTC'), 1 from api_keys
    on conflict do nothing`);
  await client.end();
}

const [, , keys, keysToRevoke, directory = ""] = process.argv;
await fillDatabase(Number(keys), Number(keysToRevoke), directory);
await runShutdownHooks();
process.exit();
