import "server-only";
import pg from "pg";
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
  const pool = new pg.Pool({
    connectionString: process.env.DATABASE_URL,
    max: connections,
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: queryTimeoutMs,
    application_name: "latchkey",
    keepAlive: true,
  });
  // Without a listener an idle connection that breaks would end the process.
  pool.on("error", (error) => log.warn({ err: error.message }, "database connection lost"));
  onShutdown(() => pool.end());
  return pool;
}
