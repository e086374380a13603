import { randomUUID } from "node:crypto";
import pg from "pg";
import { migrate } from "@/scripts/migrate";

export type ScratchDatabase = { url: string; ownerUrl: string; drop(): Promise<void> };

/**
 * An empty database, migrated by default, for tests without users. Point DATABASE_URL at `url` (the console's) before
 * importing anything from `lib`, because the pool connects to its value at that time.
 */
export async function createScratchDatabase({ isMigrated = true } = {}): Promise<ScratchDatabase> {
  const serverUrl = process.env.TEST_OWNER_DATABASE_URL ?? "";
  const name = `scratch_${randomUUID().replaceAll("-", "")}`;
  const of = (url: string) => Object.assign(new URL(url), { pathname: `/${name}` }).href;
  const ownerUrl = of(serverUrl);
  await onServer(serverUrl, `create database ${name}`);
  if (isMigrated) await migrate(ownerUrl);
  return {
    url: of(process.env.DATABASE_URL ?? ""),
    ownerUrl,
    drop: () => onServer(serverUrl, `drop database ${name} with (force)`),
  };
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}
