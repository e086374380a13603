import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { afterEach, describe, expect, test } from "vitest";
import { createTestDeveloper, createTestKey } from "@/lib/testing/fixtures";
import { type LaunchedConsole, launchConsole } from "../scripts/launched-console.ts";
import { isAlive } from "../scripts/process-identity.ts";
import { ask, bearer } from "./testing/ask.ts";
import { countedCalls } from "./testing/counted-calls.ts";

const ENV = {
  DATABASE_URL: process.env.DATABASE_URL ?? "",
  VERIFIER_DATABASE_URL: process.env.TEST_VERIFIER_DATABASE_URL ?? "",
  AUTH_SECRET: "x".repeat(32),
  LOG_LEVEL: "error",
};
const RESTART = { timeout: 30_000, interval: 50 };

const launched: LaunchedConsole[] = [];

async function launch(env: Record<string, string> = {}): Promise<LaunchedConsole> {
  const console = await launchConsole({ env: { ...ENV, ...env } });
  launched.push(console);
  return console;
}

afterEach(() => {
  for (const { pid } of launched.splice(0)) if (isAlive(pid)) process.kill(-pid, "SIGKILL");
});

/** The process id of the verifier that this console has started, if it runs. */
function verifierOf({ pid }: LaunchedConsole): number | undefined {
  const list = execFileSync("ps", ["-A", "-o", "pid=,ppid=,args="], { encoding: "utf8" }).split("\n");
  const line = list.find((each) => Number(each.trim().split(/\s+/)[1]) === pid && each.includes("run.mjs verifier"));
  return line === undefined ? undefined : Number(line.trim().split(/\s+/)[0]);
}

const statusAt = (url: string) =>
  fetch(`${url}/api/v1/me`, { headers: { connection: "close" } }).then(
    ({ status }) => status,
    () => "refused",
  );

async function occupy(url: string): Promise<Server> {
  const occupant = createServer((_, response) => response.writeHead(418).end()).listen(Number(new URL(url).port), "::");
  await once(occupant, "listening");
  return occupant;
}

// The first start may also have to build the console.
describe("the verifier beside a console", { timeout: 180_000 }, () => {
  test("starts with it, is started again however it ends, and stops with it", async () => {
    const console = await launch();
    await console.ready();
    await expect.poll(() => console.output()).toContain(`The verifier is at ${console.verifierUrl}`);
    expect(await statusAt(console.verifierUrl)).toBe(401);

    const first = verifierOf(console) ?? 0;
    process.kill(first, "SIGKILL");
    await expect.poll(() => statusAt(console.verifierUrl), RESTART).toBe("refused");
    expect(await statusAt(console.url)).toBe(401);
    await expect.poll(() => statusAt(console.verifierUrl), RESTART).toBe(401);
    const second = verifierOf(console) ?? 0;
    expect(second).not.toBe(first);

    // Somebody takes its port in the meantime: it tries again until the port is free.
    process.kill(second, "SIGTERM");
    await expect.poll(() => statusAt(console.verifierUrl), RESTART).toBe("refused");
    const occupant = await occupy(console.verifierUrl);
    await expect.poll(() => console.output(), RESTART).toMatch(/Port \d+ is in use/);
    occupant.close();
    occupant.closeAllConnections();
    await expect.poll(() => statusAt(console.verifierUrl), RESTART).toBe(401);

    const third = verifierOf(console) ?? 0;
    console.signal("SIGTERM");
    expect(await console.exited).toBe(0);
    expect(isAlive(third)).toBe(false);
  });

  test("has written its calls when the console has stopped, and the console its own", async () => {
    const { id, token } = await createTestKey(await createTestDeveloper());
    const console = await launch();
    await console.ready();
    const me = { method: "GET", path: "/api/v1/me", headers: bearer(token) } as const;
    const answers = await Promise.all(
      [console.url, console.verifierUrl].flatMap((url) => Array.from({ length: 20 }, () => ask(url, me))),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    console.signal("SIGTERM");
    expect(await console.exited).toBe(0);
    expect(await countedCalls(id)).toBe(answers.length);
  });

  test("ends when the console is killed outright", async () => {
    const console = await launch();
    await console.ready();
    const verifier = verifierOf(console) ?? 0;
    expect(isAlive(verifier)).toBe(true);
    console.signal("SIGKILL");
    await expect.poll(() => isAlive(verifier), RESTART).toBe(false);
    expect(await statusAt(console.verifierUrl)).toBe("refused");
  });

  test("stops the start when the port that was chosen for it is taken", async () => {
    const occupant = createServer().listen(0, "::");
    await once(occupant, "listening");
    const address = occupant.address();
    const port = typeof address === "object" ? String(address?.port) : "";
    const refused = await launch({ VERIFIER_PORT: port });
    expect(await refused.exited).toBe(1);
    expect(refused.output()).toMatch(new RegExp(`^✗ Port ${port} is in use: .*VERIFIER_PORT`, "m"));
    expect(refused.output()).not.toMatch(/^\s+at /m);
    occupant.close();
  });
});
