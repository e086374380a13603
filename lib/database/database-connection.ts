import pg from "pg";
import { readDatabaseUrl, type SessionAttributes } from "@/lib/database/database-url";

/** The server, or each of several hosts, fails `target_session_attrs`. */
export class UnwantedServer extends Error {}

const STATE = `
  select pg_is_in_recovery() as "isStandby",
    pg_is_in_recovery() or current_setting('transaction_read_only') = 'on' as "isReadOnly"`;

/** Throws {@link UnwantedServer} unless the server matches `target_session_attrs`. */
export async function assertWanted(client: pg.ClientBase, attributes: SessionAttributes): Promise<void> {
  if (attributes === "any") return;
  const { rows } = await client.query<{ isStandby: boolean; isReadOnly: boolean }>(STATE);
  const { isStandby, isReadOnly } = rows[0] ?? { isStandby: true, isReadOnly: true };
  if (isStandby) throw new UnwantedServer("this is a read-only replica");
  if (isReadOnly && attributes === "read-write") throw new UnwantedServer("this server doesn't accept writes");
}

/** Connects to the first host of the URL that accepts and matches. End the connection when done. */
export async function connectToDatabase(databaseUrl: string, config: pg.ClientConfig = {}): Promise<pg.Client> {
  const { urls, attributes } = readDatabaseUrl(databaseUrl);
  let failure: unknown;
  for (const connectionString of urls) {
    const client = new pg.Client({ ...config, connectionString });
    client.on("error", () => {});
    try {
      await client.connect();
      await assertWanted(client, attributes);
      return client;
    } catch (error) {
      // A reachable but wrong server is more informative than an unreachable one.
      if (!(failure instanceof UnwantedServer)) failure = error;
      await client.end().catch(() => {});
    }
  }
  throw failure;
}
