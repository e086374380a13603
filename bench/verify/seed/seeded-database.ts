import { mkdirSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { migrate } from "../../../scripts/migrate.ts";
import { runToEnd } from "../processes/run-to-end.ts";
import { type TokenFiles, tokenFiles } from "./token-files.ts";

export type SeededDatabase = { url: string; keys: number; tokens: TokenFiles };

type Seeding = {
  serverUrl: string;
  place: string;
  copy: string;
  keys: number;
  keysToRevoke: number;
  stop: AbortSignal;
};

/** A database with this number of active keys, next to the others on the server, with all maintenance done. */
export async function seedDatabase({
  serverUrl,
  place,
  copy,
  keys,
  keysToRevoke,
  stop,
}: Seeding): Promise<SeededDatabase> {
  const name = `keys_${keys}`;
  const url = await createDatabase(serverUrl, name);
  await migrate(url);
  const directory = join(place, name);
  mkdirSync(directory);
  await runToEnd({
    args: ["--import", "tsx", "bench/verify/seed/fill-database.ts", String(keys), String(keysToRevoke), directory],
    cwd: copy,
    env: { DATABASE_URL: url },
    stop,
  });
  await settle(url);
  return { url, keys, tokens: tokenFiles(directory) };
}

export async function createDatabase(serverUrl: string, name: string): Promise<string> {
  await withClient(serverUrl, (client) => client.query(`create database ${name}`));
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

/** Does what would otherwise happen during a measurement: statistics, hint bits, writing pages. */
export async function settle(url: string): Promise<void> {
  await withClient(url, async (client) => {
    await client.query("vacuum analyze");
    await client.query("checkpoint");
  });
}

async function withClient(url: string, act: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await act(client);
  } finally {
    await client.end();
  }
}
