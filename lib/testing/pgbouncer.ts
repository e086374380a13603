import { spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { freePort } from "@/scripts/free-port";
import { postgresUser } from "@/scripts/postgres/system-user";
import { findOrInstallProgram } from "@/scripts/test/find-program";

export type PgBouncer = { url: string; stop(): Promise<void> };

/** Few enough that a test's processes share them. */
const SERVER_CONNECTIONS = 3;
const START_TIMEOUT_MS = 5_000;

/** A PgBouncer in transaction mode: each transaction runs on any free server connection. */
export async function startPgBouncer(databaseUrl: string): Promise<PgBouncer> {
  const program = findOrInstallProgram("pgbouncer");
  const directory = mkdtempSync(join(tmpdir(), "latchkey-pgbouncer-"));
  const config = join(directory, "pgbouncer.ini");
  const port = await freePort();
  writeFileSync(config, settings(new URL(databaseUrl), port), { mode: 0o600 });
  // Like PostgreSQL, it refuses to run as root.
  const user = postgresUser(directory);
  if (user) for (const path of [directory, config]) chownSync(path, user.uid, user.gid);
  const child = spawn(program, [config], { ...user, cwd: directory, stdio: ["ignore", "ignore", "pipe"] });
  let output = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  const exited = new Promise((resolve) => child.once("close", resolve).once("error", resolve));
  const url = new URL(databaseUrl);
  url.host = `127.0.0.1:${port}`;
  const stop = async () => {
    child.kill("SIGKILL");
    await exited;
    rmSync(directory, { recursive: true, force: true });
  };
  if (await isUp(port)) return { url: url.href, stop };
  await stop();
  throw new Error(`PgBouncer did not start:\n${output}`);
}

function settings(database: URL, port: number): string {
  const { hostname, pathname, username, password } = database;
  return `[databases]
${pathname.slice(1)} = host=${hostname} port=${database.port} user=${username} password=${password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = ${SERVER_CONNECTIONS}
max_client_conn = 200
`;
}

async function isUp(port: number): Promise<boolean> {
  for (const end = Date.now() + START_TIMEOUT_MS; Date.now() < end; await delay(50)) {
    const socket = connect(port, "127.0.0.1");
    const isOpen = await once(socket, "connect").then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isOpen) return true;
  }
  return false;
}
