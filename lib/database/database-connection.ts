import pg from "pg";
import { readDatabaseUrl, type SessionAttributes } from "@/lib/database/database-url";

/** Of several hosts none, or the one there is, is what the address asks for. */
export class UnwantedServer extends Error {}

const STATE = `
  select pg_is_in_recovery() as "isStandby",
    pg_is_in_recovery() or current_setting('transaction_read_only') = 'on' as "isReadOnly"`;

/** Throws {@link UnwantedServer} unless the server is what `target_session_attrs` asks for. */
export async function assertWanted(client: pg.ClientBase, attributes: SessionAttributes): Promise<void> {
  if (attributes === "any") return;
  const { rows } = await client.query<{ isStandby: boolean; isReadOnly: boolean }>(STATE);
  const { isStandby, isReadOnly } = rows[0] ?? { isStandby: true, isReadOnly: true };
  if (isStandby) throw new UnwantedServer("this is a read-only replica");
  if (isReadOnly && attributes === "read-write") throw new UnwantedServer("this server takes no writes");
}

/** One connection to the first host of the address that takes it and is what it asks for. End it when done. */
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
      // That a server is there and is the wrong one says more than that another isn't.
      if (!(failure instanceof UnwantedServer)) failure = error;
      await client.end().catch(() => {});
    }
  }
  throw failure;
}
