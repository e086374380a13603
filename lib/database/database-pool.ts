import "server-only";
import pg from "pg";
import { DatabaseAway } from "@/lib/database/database-away";
import { assertWanted } from "@/lib/database/database-connection";
import { type DatabaseTarget, readDatabaseUrl } from "@/lib/database/database-url";
import { log } from "@/lib/log";
import { onShutdown } from "@/lib/shutdown";

export interface PoolLimits {
  connections: number;
  /** How long to try for a connection; pg's own default is for ever. */
  connectTimeoutMs: number;
  /** How long a statement may take before it is given up and its connection closed. */
  queryTimeoutMs: number;
}

/** Connections to the database; they are opened as needed, replaced when they break, and closed at shutdown. */
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
  // Without a listener an idle connection that breaks would end the process.
  pool.on("error", (error) => log.warn({ err: error.message }, "database connection lost"));
  // Nor must one that breaks while it is in use: its statement fails by itself.
  pool.on("connect", (client) => client.on("error", () => {}));
  onShutdown(() => pool.end());
  return pool;
}

/** A server that was demoted without breaking its connections is left within this time. */
const MAX_LIFETIME_SECONDS = 30;
/** Said by pg's pool when all its connections are busy: no other host would help. */
const ALL_BUSY = "timeout exceeded when trying to connect";

type Connected = Parameters<Parameters<pg.Pool["connect"]>[0]>;

/**
 * Where no connection can be had, whatever the reason (no socket file, a password or certificate that was changed, none
 * but standbys), nothing was asked, so the database is away: the failure is a {@link DatabaseAway} by the same message.
 */
class Pool extends pg.Pool {
  override connect(): Promise<pg.PoolClient>;
  override connect(callback: (...connected: Connected) => void): void;
  override connect(callback?: (...connected: Connected) => void): Promise<pg.PoolClient> | undefined {
    if (!callback) return super.connect().catch((error: unknown) => Promise.reject(awayBecause(error)));
    super.connect((error, client, release) => callback(error && awayBecause(error), client, release));
  }
}

/** An `AggregateError`, of a name with several addresses, has no message of its own. */
function awayBecause(error: unknown): DatabaseAway {
  const { message, code } = error as { message?: string; code?: string };
  return new DatabaseAway(message || code, { cause: error });
}

/**
 * Connections to one of several hosts, which pg itself can't do. They are tried in their order, from the one that was
 * good last; a connection counts only once its server has shown to be what the address asks for.
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
        // Many may have met the same host at once: the first of them leaves it.
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
