import "server-only";
import pg from "pg";
import { DatabaseAway } from "@/lib/database/database-away";
import { assertWanted } from "@/lib/database/database-connection";
import { type DatabaseTarget, readDatabaseUrl } from "@/lib/database/database-url";
import { log } from "@/lib/log";
import { onShutdown } from "@/lib/shutdown";

export interface PoolLimits {
  connections: number;
  /** Connection timeout; pg's default is none. */
  connectTimeoutMs: number;
  /** Statement timeout; on expiry the connection is closed. */
  queryTimeoutMs: number;
}

/** A connection pool: opens connections as needed, replaces broken ones, and closes them at shutdown. */
export function openPool({ connections, connectTimeoutMs, queryTimeoutMs }: PoolLimits): pg.Pool {
  const target = readDatabaseUrl(process.env.DATABASE_URL ?? "");
  const options = {
    connectionString: target.urls[0],
    max: connections,
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: queryTimeoutMs,
    application_name: "latchkey",
    keepAlive: true,
  };
  const pool =
    target.attributes === "any" && target.urls.length === 1 ? new Pool(options) : new HostsPool(target, options);
  // Without a listener, a broken idle connection would end the process.
  pool.on("error", (error) => log.warn({ err: error.message }, "database connection lost"));
  // The same for a connection in use; its statement fails by itself.
  pool.on("connect", (client) => client.on("error", () => {}));
  onShutdown(() => pool.end());
  return pool;
}

/** The maximum time on a server that was demoted without closing its connections. */
const MAX_LIFETIME_SECONDS = 30;
/** pg's message if all connections are busy; another host wouldn't help. */
const ALL_BUSY = "timeout exceeded when trying to connect";

type Connected = Parameters<Parameters<pg.Pool["connect"]>[0]>;

/**
 * If no connection can be made, whatever the reason (missing socket file, changed password or certificate, only
 * standbys), no statement was sent. The failure is then a {@link DatabaseAway} with the same message.
 */
class Pool extends pg.Pool {
  override connect(): Promise<pg.PoolClient>;
  override connect(callback: (...connected: Connected) => void): void;
  override connect(callback?: (...connected: Connected) => void): Promise<pg.PoolClient> | undefined {
    if (!callback) return super.connect().catch((error: unknown) => Promise.reject(databaseAwayFrom(error)));
    super.connect((error, client, release) => callback(error && databaseAwayFrom(error), client, release));
  }
}

/** An `AggregateError`, for a name with several addresses, has no message of its own. */
function databaseAwayFrom(error: unknown): DatabaseAway {
  const { message, code } = error as { message?: string; code?: string };
  return new DatabaseAway(message || code, { cause: error });
}

/**
 * A pool over several hosts, which pg doesn't support. Hosts are tried in order, starting with the last good one. A
 * connection counts only once its server matches `target_session_attrs`.
 */
class HostsPool extends Pool {
  private place = 0;
  private readonly urls: string[];

  constructor({ urls, attributes }: DatabaseTarget, options: pg.PoolConfig) {
    super({
      ...options,
      maxLifetimeSeconds: MAX_LIFETIME_SECONDS,
      onConnect: (client) => assertWanted(client, attributes),
    });
    this.urls = urls;
  }

  override connect(): Promise<pg.PoolClient>;
  override connect(callback: (...connected: Connected) => void): void;
  override connect(callback?: (...connected: Connected) => void): Promise<pg.PoolClient> | undefined {
    const connecting = this.connectToAny();
    if (!callback) return connecting;
    void connecting.then(
      (client) => callback(undefined, client, (release) => client.release(release)),
      (error: Error) => callback(error, undefined, () => {}),
    );
  }

  private async connectToAny(): Promise<pg.PoolClient> {
    for (let tries = 1; ; tries++) {
      const { place } = this;
      try {
        return await super.connect();
      } catch (error) {
        if (this.ending || (error as Error).message === ALL_BUSY) throw error;
        // Several connections can fail on the same host at once; the first one moves on.
        if (this.place === place) this.moveOn();
        if (tries >= this.urls.length) throw error;
      }
    }
  }

  private moveOn(): void {
    this.place = (this.place + 1) % this.urls.length;
    this.options.connectionString = this.urls[this.place];
  }
}
