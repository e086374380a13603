import { Agent } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from "vitest";
import { freePort } from "@/scripts/free-port";
import { type LaunchedVerifier, launchVerifier } from "@/scripts/launched-verifier";
import { call } from "./client.ts";
import { type EchoingApi, startEchoingApi } from "./echoing-api.ts";
import { GATEWAY_KINDS } from "./gateway-kinds.ts";
import { type RunningGateway, startGateway } from "./running-gateway.ts";
import { createTestDeveloper, createTestKey } from "./testbed.ts";

const CLIENTS = 4;
/** Gateways that look whether a verifier is ready take it in after a second. */
const LEAD_MS = 2_000;
const AFTERMATH_MS = 3_000;
/** Longer than a verifier takes to answer, and shorter than any gateway waits for one that hangs. */
const PATIENCE_MS = 900;

const gateways: Record<string, RunningGateway> = {};
let api: EchoingApi;
let token: string;
let port: number;
let ending: LaunchedVerifier | undefined;
let staying: LaunchedVerifier | undefined;

beforeAll(async () => {
  api = await startEchoingApi();
  const scopes = ["events.read", "events.write"];
  ({ token } = await createTestKey(await createTestDeveloper(), { scopes }));
  port = await freePort();
  const otherPort = await freePort();
  staying = await launch(otherPort);
  const edit = (text: string) =>
    text.replaceAll("# TWO VERIFIERS: ", "").replaceAll("127.0.0.1:3002", `127.0.0.1:${otherPort}`);
  for (const [name, kind] of Object.entries(GATEWAY_KINDS)) {
    gateways[name] = await startGateway(kind, { verifierPort: port, apiPort: api.port, edit });
  }
}, 300_000);

beforeEach(async () => {
  ending = await launch(port);
});

afterAll(async () => {
  for (const gateway of Object.values(gateways)) await gateway.stop();
  await kill(staying);
  api?.close();
});

test.each([
  ["ends under load by SIGKILL", "SIGKILL"],
  ["ends under load by SIGTERM", "SIGTERM"],
  ["hangs under load", "SIGSTOP"],
] as const)(
  "one of two verifiers %s, and no request fails",
  // A machine that has much else to do may keep a verifier from its database for so long that it answers 503.
  { timeout: 120_000, retry: 2 },
  async (_, signal) => {
    const loads = Object.entries(gateways).map(([name, { port }]) => ({ name, ...keepCalling(port) }));
    await delay(LEAD_MS);
    ending?.signal(signal, "group");
    if (signal === "SIGSTOP") onTestFinished(() => kill(ending));
    else await ending?.exited;
    await delay(AFTERMATH_MS);
    const outcomes = await Promise.all(loads.map(async ({ name, stop }) => ({ name, ...(await stop()) })));
    for (const { name, failures, passed } of outcomes) {
      expect(failures, name).toEqual([]);
      expect(passed, name).toBeGreaterThan(20);
    }
    for (const [name, { port }] of Object.entries(gateways)) expect(await countSlow(port), name).toBeLessThan(5);
  },
);

async function launch(port: number): Promise<LaunchedVerifier> {
  const { DATABASE_URL = "" } = process.env;
  const env = { DATABASE_URL, TRUSTED_PROXIES: "127.0.0.1", LOG_LEVEL: "silent", VERIFIER_PORT: String(port) };
  const verifier = await launchVerifier({ env });
  await verifier.ready();
  return verifier;
}

async function kill(verifier: LaunchedVerifier | undefined): Promise<void> {
  verifier?.signal("SIGKILL", "group");
  await verifier?.exited;
}

/** Of some calls in a row, those that a verifier which hangs may have held up. */
async function countSlow(port: number): Promise<number> {
  let slow = 0;
  for (let sent = 0; sent < 20; sent++) {
    const begun = performance.now();
    await call(port, { token });
    if (performance.now() - begun > PATIENCE_MS) slow++;
  }
  return slow;
}

/** Some clients, each of which calls again as soon as it is answered. */
function keepCalling(port: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
  const failures: string[] = [];
  let passed = 0;
  let isOver = false;
  const clients = Array.from({ length: CLIENTS }, async () => {
    while (!isOver) {
      const method = passed % 2 === 0 ? "GET" : "POST";
      const failure = await call(port, { token, agent, method }).then(
        ({ status, body }) => (status === 200 ? "" : `${status} ${body}`),
        (error: Error) => error.message,
      );
      if (failure) failures.push(failure);
      else passed++;
    }
  });
  const stop = async () => {
    isOver = true;
    await Promise.all(clients);
    agent.destroy();
    return { failures, passed };
  };
  return { stop };
}
