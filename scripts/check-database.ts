import pg from "pg";
import { StartError } from "./start-error.ts";

const CONNECT_TIMEOUT_MS = 5_000;

/** Connects once, and throws a sentence that says what is wrong with DATABASE_URL when that fails. */
export async function checkDatabase(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  client.on("error", () => {});
  try {
    await client.connect();
  } catch (error) {
    throw new StartError(sentenceFor(error as Error & { code?: string }, new URL(databaseUrl)));
  } finally {
    await client.end().catch(() => {});
  }
}

function sentenceFor(error: Error & { code?: string }, url: URL): string {
  const server = `${url.hostname}:${url.port || 5432}`;
  switch (error.code) {
    case "28P01":
    case "28000":
      return `PostgreSQL at ${server} refused the user ${url.username}: correct the user and password in DATABASE_URL.`;
    case "3D000":
      return `PostgreSQL at ${server} has no database ${url.pathname.slice(1)}: create it, or correct DATABASE_URL.`;
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `The host ${url.hostname} in DATABASE_URL has no address: correct its name.`;
    case "ECONNREFUSED":
      return `Nothing answers at ${server}: start PostgreSQL there, or correct DATABASE_URL.`;
    default:
      return `The database at ${server} can't be reached (${error.message}): check DATABASE_URL and the network.`;
  }
}
