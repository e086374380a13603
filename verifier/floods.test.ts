import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { newSecret } from "@/lib/api-keys/token";
import { createTestDeveloper, createTestKey } from "@/lib/testing/fixtures";
import { type LaunchedVerifier, launchVerifier } from "../scripts/launched-verifier.ts";
import { ask, bearer } from "./testing/ask.ts";

const GARBAGE = `Authorization: Bearer lk_pat_${"0".repeat(72)}\r\n`;
const QUESTION = `GET /api/v1/me HTTP/1.1\r\nHost: x\r\n${GARBAGE}\r\n`;
const MOST_RESIDENT_MB = 180;
const CONNECTIONS = 2_000;

/** Nearly 16 KB. */
const FIELDS = Array.from({ length: 2_000 }, (_, index) => `${(index + 36 ** 2).toString(36)}:12\r\n`).join("");

/** As `npm run verifier` limits the process. */
const LIMITS = { MALLOC_ARENA_MAX: "1", NODE_OPTIONS: "--max-semi-space-size=8 --max-old-space-size=160" };

let verifier: LaunchedVerifier;
let token: string;
const sockets: Socket[] = [];

beforeAll(async () => {
  ({ token } = await createTestKey(await createTestDeveloper()));
  const DATABASE_URL = process.env.DATABASE_URL ?? "";
  verifier = await launchVerifier({ env: { DATABASE_URL, LOG_LEVEL: "silent", ...LIMITS } });
  await verifier.ready();
});
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});
afterAll(() => verifier?.signal("SIGKILL", "group"));

/** A connection that reads nothing; the verifier may drop it. */
function open(): Socket {
  const socket = connect(Number(new URL(verifier.url).port), "localhost").on("error", () => {});
  sockets.push(socket);
  return socket.pause();
}

function residentMb(): number {
  const status = readFileSync(`/proc/${verifier.pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) / 1024;
}

const answers = async () =>
  (await ask(verifier.url, { method: "GET", path: "/api/v1/me", headers: bearer(token) })).status;

/** Expects that valid callers get responses and the process's memory stays bounded. */
async function expectService(): Promise<void> {
  let mostMb = 0;
  for (let time = 0; time < 20; time++) {
    // While the flood takes all of the machine, the database may be late.
    await expect.poll(answers).toBe(200);
    mostMb = Math.max(mostMb, residentMb());
    await delay(100);
  }
  expect(mostMb).toBeLessThan(MOST_RESIDENT_MB);
  expect(await Promise.race([verifier.exited, "running"])).toBe("running");
}

describe("memory stays flat, and good callers are answered,", { timeout: 120_000 }, () => {
  test("while connections send thousands of requests each and read nothing", async () => {
    for (let count = 0; count < 100; count++) open().write(QUESTION.repeat(3_000));
    await expectService();
  });

  test("while ever new connections send as many requests as are served, and read nothing", async () => {
    const flood = setInterval(() => {
      for (let count = 0; count < 20; count++) open().write(QUESTION.repeat(15));
    }, 50);
    await expectService().finally(() => clearInterval(flood));
  });

  test("while thousands of connections send heads of as many fields as fit, and don't end them", async () => {
    for (let count = 0; count < CONNECTIONS; count++) {
      const socket = open();
      socket.write(`GET /api/v1/me HTTP/1.1\r\n${FIELDS}`);
      if (count % 100 === 0) await once(socket, "connect");
    }
    await expectService();
  });

  test("while bodies are sent in chunks of one byte, and not ended", async () => {
    for (let count = 0; count < 40; count++) {
      const authorization = `Authorization: Bearer ${newSecret("lk_key_")}`;
      const head = ["POST /api/v1/verify HTTP/1.1", "Host: x", authorization, "Transfer-Encoding: chunked", "", ""];
      open().write(head.join("\r\n") + "1\r\nx\r\n".repeat(30_000));
    }
    await expectService();
  });

  test.each([
    ["nothing that could be a token", [GARBAGE, ""]],
    ["what could be a token", [`Authorization: Bearer ${newSecret("lk_key_")}\r\n`]],
  ])("while thousands of connections that show %s send bodies and don't end them", async (_, shown) => {
    for (let count = 0; count < CONNECTIONS; count++) {
      const socket = open();
      const head = ["POST /api/v1/verify HTTP/1.1", "Host: x", "Content-Length: 65536"].join("\r\n");
      socket.write(`${head}\r\n${shown[count % shown.length]}\r\n${"x".repeat(65_535)}`);
      if (count % 100 === 0) await once(socket, "connect");
    }
    await expectService();
  });
});
