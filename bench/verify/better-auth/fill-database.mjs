// Migrates the database at DATABASE_URL and fills it with keys: `fill-database.mjs <keys> <key file>`.

import { randomBytes } from "node:crypto";
import { appendFileSync } from "node:fs";
import { defaultKeyHasher } from "@better-auth/api-key";
import { getMigrations } from "better-auth/db/migration";
import pg from "pg";
import { auth } from "./auth.mjs";

const BATCH_SIZE = 5_000;
const KEY_BYTES = 32;
const START_CHARACTERS = 6;

/** Copies a key created by better-auth, so that rows have all the columns of its version. */
const COPY = `
  insert into apikey
  select (jsonb_populate_record(template, jsonb_build_object('id', gen_random_uuid()::text, 'key', made.hash, 'start', made.start))).*
  from apikey template, unnest($1::text[], $2::text[]) as made (hash, start)
  where template.id = $3`;

const [, , count, file] = process.argv;
await (await getMigrations(auth.options)).runMigrations();
const template = await createTemplate();
const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
await client.connect();
for (let left = Number(count); left > 0; left -= BATCH_SIZE) await addKeys(Math.min(BATCH_SIZE, left));
await client.query("delete from apikey where id = $1", [template.id]);
process.exit();

async function createTemplate() {
  const { internalAdapter } = await auth.$context;
  const user = await internalAdapter.createUser({ email: "mary.example@example.com", name: "Mary Example" });
  const { id } = await auth.api.createApiKey({ body: { userId: user.id, name: "Zapier production" } });
  return { id };
}

async function addKeys(length) {
  const keys = Array.from({ length }, () => randomBytes(KEY_BYTES).toString("hex"));
  const hashes = await Promise.all(keys.map((key) => defaultKeyHasher(key)));
  await client.query(COPY, [hashes, keys.map((key) => key.slice(0, START_CHARACTERS)), template.id]);
  appendFileSync(file, keys.map((key) => `${key}\n`).join(""));
}
