import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DatabaseProxy } from "@/lib/testing/database-proxy";
import { overTcp } from "@/lib/testing/over-tcp";
import { prepareDataDir } from "../scripts/data-dir.ts";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "../scripts/embedded-postgres.ts";
import { type LaunchedVerifier, launchVerifier } from "../scripts/launched-verifier.ts";
import { migrate } from "../scripts/migrate.ts";
import { ask, bearer } from "./testing/ask.ts";
import { SteadyLoad } from "./testing/steady-load.ts";

/** A gateway waits about a second; the rest is a margin for a busy machine. */
const LONGEST_ANSWER_MS = 2_500;
const RECOVERY = { timeout: 30_000, interval: 50 };

const dataDir = prepareDataDir(join(tmpdir(), `latchkey-outage-${randomUUID()}`));
let server: EmbeddedPostgres;
let verifier: LaunchedVerifier;
let load: SteadyLoad;
let keys: Awaited<ReturnType<typeof createKeys>>;

async function createKeys() {
  // Only now: the pool connects to what DATABASE_URL says when it is first imported.
  const { createTestDeveloper, createTestKey, inDays } = await import("@/lib/testing/fixtures");
  const { generateToken } = await import("@/lib/api-keys/token");
  const owner = await createTestDeveloper();
  const key = (overrides: Parameters<typeof createTestKey>[1]) => createTestKey(owner, overrides);
  return {
    good: await key({}),
    revoked: await key({ revokedAt: new Date() }),
    expired: await key({ createdAt: inDays(-2), expiresAt: inDays(-1) }),
    asker: await key({ kind: "team", scopes: ["keys.verify"] }),
    doomed: await Promise.all(Array.from({ length: 2 }, () => key({}))),
    nobodys: generateToken("personal").token,
  };
}

async function query(text: string, values: unknown[]): Promise<void> {
  const { pool } = await import("@/lib/database/db");
  await pool.query(text, values);
}

beforeAll(async () => {
  server = await startEmbeddedPostgres(dataDir);
  await migrate(server.urls.owner);
  process.env.DATABASE_URL = server.urls.console;
  keys = await createKeys();
  verifier = await launchVerifier({
    env: { DATABASE_URL: server.urls.verifier, TRUSTED_PROXIES: "127.0.0.1,::1", LOG_LEVEL: "silent" },
  });
  await verifier.ready();
  load = new SteadyLoad(verifier.url, keys);
});

afterAll(async () => {
  await load?.stop();
  verifier?.signal("SIGKILL", "group");
  signalAll(serverProcesses(), "SIGCONT");
  await server?.stop();
  await rm(dataDir, { recursive: true, force: true, maxRetries: 20 });
});

function postmaster(): number {
  const path = join(dataDir, "postgres", "postmaster.pid");
  return existsSync(path) ? Number(readFileSync(path, "utf8").split("\n")[0]) : 0;
}

/** Backends come and go: one may have ended since it was listed. */
function signalAll(pids: number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }
}

/** The postmaster and all its child processes. */
function serverProcesses(): number[] {
  const parent = postmaster();
  if (!parent) return [];
  const list = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" }).trim().split("\n");
  const pairs = list.map((line) => line.trim().split(/\s+/).map(Number) as [number, number]);
  return [parent, ...pairs.filter(([, ppid]) => ppid === parent).map(([pid]) => pid)];
}

const statusOf = async (token: string) =>
  (await ask(verifier.url, { method: "GET", path: "/api/v1/me", headers: bearer(token) })).status;

/** Causes a temporary database failure under load. */
async function expectSurvival(disaster: () => unknown): Promise<void> {
  load.begin();
  await expect.poll(() => load.right, RECOVERY).toBeGreaterThan(50);
  await disaster();
  await expect.poll(() => load.unavailable, RECOVERY).toBeGreaterThan(0);
  await expect.poll(() => statusOf(keys.good.token), RECOVERY).toBe(200);
  const afterwards = load.right;
  await expect.poll(() => load.right, RECOVERY).toBeGreaterThan(afterwards + 50);
  await load.stop();
  expect(load.wrong).toEqual([]);
  expect(load.longestMs).toBeLessThan(LONGEST_ANSWER_MS);
  expect(await Promise.race([verifier.exited, "running"])).toBe("running");
}

describe("under load there are only right answers and 503s, and right ones again by themselves", {
  timeout: 60_000,
}, () => {
  test("when PostgreSQL is killed, again and again", async () => {
    for (let time = 0; time < 2; time++) await expectSurvival(() => process.kill(postmaster(), "SIGKILL"));
  });

  test("when PostgreSQL is stopped at once", () => expectSurvival(() => process.kill(postmaster(), "SIGQUIT")));

  test("when PostgreSQL doesn't respond for a while", () =>
    expectSurvival(async () => {
      const stopped = serverProcesses();
      signalAll(stopped, "SIGSTOP");
      await delay(2_500);
      signalAll(stopped, "SIGCONT");
    }));

  test("when a process of PostgreSQL that serves verifications crashes", () =>
    expectSurvival(() => {
      const [, ...children] = serverProcesses();
      const title = (pid: number) => execFileSync("ps", ["-o", "args=", "-p", String(pid)], { encoding: "utf8" });
      const backend = children.find((pid) => title(pid).includes("latchkey_verifier latchkey"));
      // Without one, 0 would stand for all of our own processes.
      if (!backend) throw new Error("No process of PostgreSQL serves the verifier.");
      process.kill(backend, "SIGKILL");
    }));
});

test("a revocation that was committed before PostgreSQL was killed still stands when it is back", async () => {
  for (const { id, token } of keys.doomed) {
    await expect.poll(() => statusOf(token), RECOVERY).toBe(200);
    await query("update api_keys set revoked_at = now() where id = $1", [id]);
    process.kill(postmaster(), "SIGKILL");
    const statuses = new Set<number>();
    const watch = async () => {
      const status = await statusOf(token);
      statuses.add(status);
      return status;
    };
    await expect.poll(watch, { interval: 20 }).toBe(503);
    await expect.poll(watch, RECOVERY).toBe(401);
    expect([...statuses].sort()).toEqual([401, 503]);
  }
});

test("a verifier starts without its database, reports that, and becomes ready by itself", async () => {
  const proxy = new DatabaseProxy(overTcp(server.urls.verifier));
  await proxy.open();
  await proxy.cut();
  const early = await launchVerifier({ env: { DATABASE_URL: proxy.url, LOG_LEVEL: "silent" } });
  try {
    await early.ready();
    const get = (path: string) => ask(early.url, { method: "GET", path, headers: bearer(keys.good.token) });
    expect((await get("/api/health/live")).status).toBe(200);
    const ready = await get("/api/health/ready");
    expect(ready.status).toBe(503);
    expect(JSON.parse(ready.body)).toMatchObject({ status: "unavailable", checks: { database: "unreachable" } });
    expect((await get("/api/v1/me")).status).toBe(503);
    await proxy.open();
    expect((await get("/api/v1/me")).status).toBe(200);
    await expect.poll(async () => (await get("/api/health/ready")).status, RECOVERY).toBe(200);
  } finally {
    early.signal("SIGKILL", "group");
    await proxy.cut();
  }
});
