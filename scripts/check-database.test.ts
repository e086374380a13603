import { execFileSync } from "node:child_process";
import { chownSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectToDatabase } from "@/lib/database/database-connection";
import { openPool } from "@/lib/database/database-pool";
import { DatabaseProxy } from "@/lib/testing/database-proxy";
import { type PostgresPair, startPostgresPair } from "@/lib/testing/postgres-pair";
import { checkDatabase } from "./check-database.ts";
import { migrate } from "./migrate.ts";
import { postgresUser } from "./postgres/system-user.ts";

const { DATABASE_URL } = process.env;
const LIMITS = { connections: 2, connectTimeoutMs: 3_000, queryTimeoutMs: 3_000 };

let pair: PostgresPair;
let owner: pg.Client;
const directory = mkdtempSync(join(tmpdir(), "latchkey-check-database-"));

beforeAll(async () => {
  pair = await startPostgresPair();
  owner = new pg.Client(pair.primaryUrl);
  await owner.connect();
});

afterAll(async () => {
  process.env.DATABASE_URL = DATABASE_URL;
  rmSync(directory, { recursive: true });
  await owner.end();
  await pair.remove();
});

const check = (url: string) => checkDatabase(url, "DATABASE_URL");

/** The primary's URL with other parts; the server accepts every password. */
function primary(parts: { user?: string; database?: string; parameters?: string } = {}): string {
  const url = new URL(pair.primaryUrl);
  if (parts.user) url.username = parts.user;
  if (parts.database) url.pathname = `/${parts.database}`;
  url.search = parts.parameters ?? "";
  return url.href;
}

const hostOf = (url: string) => new URL(url).host;

describe("an address that can't be worked with is refused with what to change", () => {
  test("a standby", () =>
    expect(check(pair.standbyUrl)).rejects.toThrow(/is a read-only replica: set DATABASE_URL to the primary/));

  test("a server without TLS", () =>
    expect(check(`${pair.standbyUrl}?sslmode=require`)).rejects.toThrow(/doesn't support TLS: .*sslmode=disable/));

  test("a certificate of a private authority, unless the authority is named", async () => {
    await switchTlsOn();
    await expect(check(primary({ parameters: "sslmode=require" }))).rejects.toThrow(
      /signed by an unknown authority: add sslrootcert=.* to DATABASE_URL/,
    );
    await check(primary({ parameters: `sslmode=require&sslrootcert=${join(directory, "server.crt")}` }));
    const elsewhere = primary({ parameters: `sslmode=require&sslrootcert=${join(directory, "server.crt")}` });
    await expect(check(elsewhere.replace("127.0.0.1", "localhost"))).rejects.toThrow(/is for another name/);
  });

  test("a server that wants TLS of a user, or no connection from here", async () => {
    const { rows } = await owner.query("select setting as path from pg_settings where name = 'hba_file'");
    const before = readFileSync(rows[0].path, "utf8");
    await owner.query("create role picky login");
    writeFileSync(rows[0].path, `hostnossl all picky all reject\n${before}`);
    await owner.query("select pg_reload_conf()");
    await expect
      .poll(() => check(primary({ user: "picky" })).catch((error: Error) => error.message))
      .toMatch(/denied the connection \(.*user "picky".*\): add sslmode=require to DATABASE_URL if it requires TLS/);
    writeFileSync(rows[0].path, before);
  });

  test("a search path that leads past the tables", async () => {
    await owner.query("create role astray login; create schema elsewhere; grant usage on schema elsewhere to astray");
    await owner.query("alter role astray set search_path = elsewhere, public");
    await expect(check(primary({ user: "astray" }))).rejects.toThrow(
      /search_path of the database user astray selects the schema elsewhere.*ALTER ROLE astray SET search_path = public/,
    );
  });

  test("a user who may not create tables, or not the extensions", async () => {
    await owner.query("create role guest login");
    await owner.query("create database for_guest");
    const url = primary({ user: "guest", database: "for_guest" });
    await expect(migrate(url)).rejects.toThrow(/guest can't create tables: run GRANT CREATE ON SCHEMA public TO guest/);
    const inIt = new pg.Client(primary({ database: "for_guest" }));
    await inIt.connect();
    await inIt.query("grant create on schema public to guest");
    await expect(migrate(url)).rejects.toThrow(
      /guest can't create the extensions pg_trgm and btree_gin, .*GRANT CREATE ON DATABASE for_guest TO guest/,
    );
    await inIt.query("grant create on database for_guest to guest");
    await inIt.end();
    expect((await migrate(url)).applied.length).toBeGreaterThan(0);
  });

  test("hosts none of which answers", () =>
    expect(check("postgresql://u@127.0.0.1:1,[::1]:2/db")).rejects.toThrow(
      /Nothing responds at 127.0.0.1:1, \[::1\]:2/,
    ));
});

test("a Unix socket is connected to", async () => {
  const { rows } = await owner.query(
    "select current_setting('unix_socket_directories') as place, inet_server_port() as port",
  );
  const { place, port } = rows[0];
  await check(`postgresql:///postgres?host=${place}&port=${port}&user=latchkey`);
  await check(`postgresql://latchkey@${encodeURIComponent(place)}:${port}/postgres`);
  await expect(check(`postgresql:///postgres?host=${directory}&user=latchkey`)).rejects.toThrow(/No PostgreSQL socket/);
});

describe("of several hosts", () => {
  const several = (...hosts: string[]) => `postgresql://latchkey@${hosts.join(",")}/postgres`;

  test("the one that takes writes is found, behind one that is down and a standby", async () => {
    const url = several("127.0.0.1:1", hostOf(pair.standbyUrl), hostOf(pair.primaryUrl));
    await check(url);
    const client = await connectToDatabase(url);
    expect(`127.0.0.1:${client.port}`).toBe(hostOf(pair.primaryUrl));
    await client.end();
    const first = await connectToDatabase(
      `${several(hostOf(pair.standbyUrl), hostOf(pair.primaryUrl))}?target_session_attrs=any`,
    );
    expect(`127.0.0.1:${first.port}`).toBe(hostOf(pair.standbyUrl));
    await first.end();
    await expect(check(several(hostOf(pair.standbyUrl), "127.0.0.1:1"))).rejects.toThrow(
      /accepts writes .*read-only replica/,
    );
  });

  test("a pool goes on with the next when its host goes away, and many at once all get there", async () => {
    const wire = new DatabaseProxy(pair.primaryUrl);
    await wire.open();
    process.env.DATABASE_URL = several(hostOf(wire.url), hostOf(pair.standbyUrl), hostOf(pair.primaryUrl));
    const pool = openPool(LIMITS);
    const ask = async () => (await pool.query("select pg_is_in_recovery() as standby")).rows[0].standby;
    expect(await ask()).toBe(false);
    expect(pool.options.connectionString).toContain(`port=${new URL(wire.url).port}`);
    await wire.cut();
    await expect.poll(() => pool.totalCount).toBe(0);
    expect(await Promise.all(Array.from({ length: 20 }, ask))).toEqual(Array(20).fill(false));
    expect(pool.options.connectionString).toContain(`port=${new URL(pair.primaryUrl).port}`);
    await pool.end();
  });

  test("a pool to standbys alone gives no connection", async () => {
    process.env.DATABASE_URL = `${pair.standbyUrl}?target_session_attrs=primary`;
    const pool = openPool(LIMITS);
    await expect(pool.query("select 1")).rejects.toThrow("this is a read-only replica");
    await pool.end();
  });
});

async function switchTlsOn(): Promise<void> {
  const [key, certificate] = [join(directory, "server.key"), join(directory, "server.crt")];
  const names = ["-subj", "/CN=latchkey-test", "-addext", "subjectAltName=IP:127.0.0.1"];
  const how = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", ...names];
  execFileSync("openssl", [...how, "-keyout", key, "-out", certificate], { stdio: "ignore" });
  const user = postgresUser(join(directory, "none"));
  if (user) for (const path of [directory, key, certificate]) chownSync(path, user.uid, user.gid);
  await owner.query(`alter system set ssl_cert_file = '${certificate}'`);
  await owner.query(`alter system set ssl_key_file = '${key}'`);
  await owner.query("alter system set ssl = on");
  await owner.query("select pg_reload_conf()");
  await expect.poll(async () => (await owner.query("show ssl")).rows[0].ssl).toBe("on");
}
