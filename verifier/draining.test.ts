import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { Agent } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { createTestDeveloper, createTestKey } from "@/lib/testing/fixtures";
import { freePort } from "../scripts/free-port.ts";
import { type LaunchedVerifier, launchVerifier } from "../scripts/launched-verifier.ts";
import { isAlive } from "../scripts/process-identity.ts";
import { findOrInstallProgram } from "../scripts/test/find-program.ts";
import { ask, bearer } from "./testing/ask.ts";

const CLIENTS = 32;
const PATIENCE = { timeout: 30_000 };

const cleanUp: (() => unknown)[] = [];
let token: string;

beforeAll(async () => {
  ({ token } = await createTestKey(await createTestDeveloper()));
});
afterEach(async () => {
  for (const each of cleanUp.splice(0).reverse()) await each();
});

async function launch(drainSeconds: number): Promise<LaunchedVerifier> {
  const DATABASE_URL = process.env.DATABASE_URL ?? "";
  const env = { DATABASE_URL, LOG_LEVEL: "silent", DRAIN_SECONDS: String(drainSeconds) };
  const verifier = await launchVerifier({ env });
  cleanUp.push(() => isAlive(verifier.pid) && verifier.signal("SIGKILL", "group"));
  await verifier.ready();
  return verifier;
}

interface Load {
  /** Correct responses. */
  right: number;
  /** Those of them with “Connection: close”. */
  last: number;
  /** All other outcomes, except refused connections. */
  failed: string[];
  /** Resolves when connections are refused. */
  ended: Promise<unknown>;
  stop(): void;
}

/** Clients that keep a connection each and send requests continuously. */
function load(url: string): Load {
  const agents = Array.from({ length: CLIENTS }, () => new Agent({ keepAlive: true, maxSockets: 1 }));
  const state: Load = { right: 0, last: 0, failed: [], ended: Promise.resolve(), stop: () => {} };
  let isStopped = false;
  const client = async (agent: Agent, index: number) => {
    while (!isStopped) {
      // Some clients pause between requests, and then reuse their idle connection.
      if (index % 4 === 0) await delay(200);
      const answer = await ask(url, { method: "GET", path: "/api/v1/me", headers: bearer(token) }, agent).catch(
        (error: NodeJS.ErrnoException) => error.code ?? "",
      );
      if (answer === "ECONNREFUSED") return;
      if (typeof answer === "string") state.failed.push(answer);
      else if (answer.status !== 200) state.failed.push(String(answer.status));
      else {
        state.right++;
        if (answer.headers.connection === "close") state.last++;
      }
    }
  };
  state.stop = () => {
    isStopped = true;
  };
  state.ended = Promise.all(agents.map(client));
  cleanUp.push(() => {
    state.stop();
    for (const agent of agents) agent.destroy();
  });
  return state;
}

async function startNginx(ports: number[]): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "latchkey-draining-"));
  const port = await freePort();
  const paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `${name}_temp_path ${directory}/${name};`,
  );
  await writeFile(
    join(directory, "nginx.conf"),
    `daemon off; worker_processes 1; pid ${directory}/pid; events {}
    http {
      access_log off; ${paths.join(" ")}
      upstream verifiers { ${ports.map((each) => `server 127.0.0.1:${each};`).join(" ")} keepalive 64; }
      server {
        listen ${port};
        location / { proxy_pass http://verifiers; proxy_http_version 1.1; proxy_set_header Connection ""; }
      }
    }`,
  );
  const nginx = spawn(findOrInstallProgram("nginx"), ["-e", "stderr", "-c", join(directory, "nginx.conf")], {
    stdio: "ignore",
  });
  const exited = new Promise((resolve) => nginx.once("exit", resolve));
  cleanUp.push(async () => {
    nginx.kill("SIGTERM");
    await exited;
    await rm(directory, { recursive: true, force: true });
  });
  const url = `http://127.0.0.1:${port}`;
  await expect.poll(() => statusOf(url, "/api/health/live")).toBe(200);
  return url;
}

const portOf = ({ url }: LaunchedVerifier) => Number(new URL(url).port);
const statusOf = (url: string, path: string) =>
  ask(url, { method: "GET", path, headers: {} }, false).then(
    ({ status }) => status,
    () => null,
  );
const isReady = ({ url }: LaunchedVerifier) => statusOf(url, "/api/health/ready");

describe("no request fails when a verifier is stopped under 32 busy clients", { timeout: 120_000 }, () => {
  test("that ask it directly", async () => {
    const verifier = await launch(0);
    const clients = load(verifier.url);
    await expect.poll(() => clients.right, PATIENCE).toBeGreaterThan(200);
    verifier.signal("SIGTERM");
    await clients.ended;
    expect(clients.failed).toEqual([]);
    expect(clients.last).toBeGreaterThanOrEqual(CLIENTS);
    expect(await verifier.exited).toBe(0);
  });

  test("that ask it directly, and it serves on for a while, but says that it isn't ready", async () => {
    const verifier = await launch(2);
    expect(await isReady(verifier)).toBe(200);
    const clients = load(verifier.url);
    await expect.poll(() => clients.right, PATIENCE).toBeGreaterThan(200);
    verifier.signal("SIGTERM");
    await expect.poll(() => isReady(verifier), PATIENCE).toBe(503);
    const { right, last } = clients;
    await expect.poll(() => clients.last, PATIENCE).toBeGreaterThan(last + CLIENTS);
    expect(clients.right).toBeGreaterThan(right);
    await clients.ended;
    expect(clients.failed).toEqual([]);
    expect(await verifier.exited).toBe(0);
  });

  test("through nginx, and another one goes on", async () => {
    const [first, second] = [await launch(1), await launch(0)];
    const clients = load(await startNginx([portOf(first), portOf(second)]));
    await expect.poll(() => clients.right, PATIENCE).toBeGreaterThan(200);
    first.signal("SIGTERM");
    expect(await first.exited).toBe(0);
    const { right } = clients;
    await expect.poll(() => clients.right, PATIENCE).toBeGreaterThan(right + 200);
    clients.stop();
    await clients.ended;
    expect(clients.failed).toEqual([]);
  });
});
