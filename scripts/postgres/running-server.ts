import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { commandOf, isAlive } from "../process-identity.ts";
import type { PostgresFiles } from "./files.ts";
import { type DatabaseRole, passwordOf, ROLE_NAMES } from "./roles.ts";

const RECOVERY_TIMEOUT_MS = 60_000;
const LISTEN_TIMEOUT_MS = 5_000;
const POLL_MS = 100;

const CANNOT_CONNECT_NOW = "57P03";

/** The length that every system accepts; Linux takes 107 bytes, macOS 103. */
const MAX_SOCKET_PATH_BYTES = 103;

/**
 * The URL of a database in this cluster, with a role's user and password. The running server's Unix socket is used
 * where it has one with a short enough path: behind nginx, the verifier answers 1.3 times the requests that it does over
 * TCP.
 */
export function databaseUrl(
  files: PostgresFiles,
  port: number,
  database: string,
  role: DatabaseRole = "owner",
): string {
  const url = `postgresql://${ROLE_NAMES[role]}:${passwordOf(files, role)}@127.0.0.1:${port}/${database}`;
  const socket = join(files.cluster, `.s.PGSQL.${port}`);
  if (Buffer.byteLength(socket) > MAX_SOCKET_PATH_BYTES || !existsSync(socket)) return url;
  return `${url}?${new URLSearchParams({ host: files.cluster, port: String(port) })}`;
}

/**
 * The port of the server already running on this cluster, once it accepts connections: left by a killed process, or
 * started by another command. Waits for a server that is stopping.
 */
export async function findRunningServer(files: PostgresFiles): Promise<number | undefined> {
  const begun = Date.now();
  for (;;) {
    const port = readPort(files);
    if (port === undefined) return undefined;
    const failure = await tryConnecting(databaseUrl(files, port, "postgres"));
    if (!failure) return port;
    if (Date.now() - begun > timeoutFor(failure)) return undefined;
    await delay(POLL_MS);
  }
}

/** Whether a server runs on this cluster, accepting connections or not. */
export function isServerAlive(files: PostgresFiles): boolean {
  return readPort(files) !== undefined;
}

function timeoutFor(failure: string): number {
  if (failure === CANNOT_CONNECT_NOW) return RECOVERY_TIMEOUT_MS;
  return failure === "ECONNREFUSED" || failure === "ENOENT" ? LISTEN_TIMEOUT_MS : 0;
}

/** `postmaster.pid` contains the process ID in the first line and the port in the fourth. */
function readPort(files: PostgresFiles): number | undefined {
  const path = join(files.cluster, "postmaster.pid");
  if (!existsSync(path)) return undefined;
  const lines = readFileSync(path, "utf8").split("\n");
  const pid = Number(lines[0]);
  if (!isAlive(pid)) return undefined;
  if (isPostgres(pid)) return Number(lines[3]);
  // After a reboot or container restart, another process may have this ID; PostgreSQL would take it for a second server
  // and refuse to start.
  rmSync(path, { force: true });
  return undefined;
}

function isPostgres(pid: number): boolean {
  return commandOf(pid)?.includes("postgres") ?? true;
}

/** The error's code, or `undefined` if the connection succeeded. */
async function tryConnecting(url: string): Promise<string | undefined> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on("error", () => {});
  try {
    await client.connect();
    return undefined;
  } catch (error) {
    return (error as { code?: string }).code ?? "unknown";
  } finally {
    await client.end().catch(() => {});
  }
}
