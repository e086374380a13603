import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { db } from "@/lib/database/db";
import { createTestDeveloper, createTestKey } from "@/lib/testing/fixtures";
import { type LaunchedVerifier, launchVerifier } from "../scripts/launched-verifier.ts";
import { isAlive } from "../scripts/process-identity.ts";
import { ask, bearer } from "./testing/ask.ts";
import { countedCalls } from "./testing/counted-calls.ts";

const ENV = { DATABASE_URL: process.env.TEST_VERIFIER_DATABASE_URL ?? "", LOG_LEVEL: "silent" };
const CALLERS = 4;
/** Between two flushes lies a second; the rest is for a machine with other things to do. */
const LOST_AT_MOST_MS = 2_000;

const launched: LaunchedVerifier[] = [];

async function launch(): Promise<LaunchedVerifier> {
  const verifier = await launchVerifier({ env: ENV });
  launched.push(verifier);
  await verifier.ready();
  return verifier;
}

afterEach(() => {
  for (const { pid } of launched.splice(0)) if (isAlive(pid)) process.kill(-pid, "SIGKILL");
});

/** Calls all the time until no connection is taken; `answers` are the instants of the 200s. */
function keepCalling({ url }: LaunchedVerifier, token: string, isKeptAlive: boolean) {
  const answers: number[] = [];
  const others: unknown[] = [];
  const through = isKeptAlive ? undefined : false;
  const caller = async () => {
    for (;;) {
      const answer = await ask(url, { method: "GET", path: "/api/v1/me", headers: bearer(token) }, through).catch(
        (error: NodeJS.ErrnoException) => error.code,
      );
      if (typeof answer === "object" && answer.status === 200) answers.push(Date.now());
      else if (answer === "ECONNREFUSED") return;
      else others.push(typeof answer === "object" ? answer.status : answer);
    }
  };
  return { answers, others, ended: Promise.all(Array.from({ length: CALLERS }, caller)) };
}

/** A question whose body hasn't arrived; `finish` sends the rest and returns the answer. */
async function openQuestion({ url }: LaunchedVerifier, asker: string, token: string) {
  const body = JSON.stringify({ token });
  const socket = connect(Number(new URL(url).port), "localhost");
  await once(socket, "connect");
  const head = ["POST /api/v1/verify HTTP/1.1", "Host: localhost", `Authorization: Bearer ${asker}`];
  socket.write([...head, "Content-Type: application/json", `Content-Length: ${body.length}`, "", "{"].join("\r\n"));
  await delay(200);
  return {
    finish: () => {
      socket.write(body.slice(1));
      return text(socket);
    },
  };
}

describe("a verifier", () => {
  test.each([
    ["connections kept alive", true],
    ["a connection for each call", false],
  ])(
    "told to stop under load answers what it has taken, writes down every call and ends with 0 (%s)",
    async (_, isKeptAlive) => {
      const owner = await createTestDeveloper();
      const key = await createTestKey(owner);
      const asked = await createTestKey(owner);
      const asker = await createTestKey(owner, { kind: "team", scopes: ["keys.verify"] });
      const revoked = await createTestKey(owner, { revokedAt: new Date() });
      const requestId = randomUUID();
      const verifier = await launch();
      const { answers, others, ended } = keepCalling(verifier, key.token, isKeptAlive);
      await expect.poll(() => answers.length).toBeGreaterThan(200);
      const headers = { ...bearer(revoked.token), "x-request-id": requestId };
      await ask(verifier.url, { method: "GET", path: "/api/v1/me", headers });
      const question = await openQuestion(verifier, asker.token, asked.token);
      verifier.signal("SIGTERM");
      await ended;
      // Everybody else has been turned away by now; what was under way still has its turn.
      expect(await question.finish()).toMatch(/^HTTP\/1\.1 200 .*"valid":true/s);
      expect(await verifier.exited).toBe(0);
      expect(verifier.output()).toContain("✓ Stopped");
      expect(await countedCalls(key.id)).toBe(answers.length);
      expect(await countedCalls(asked.id)).toBe(1);
      // What waits for half a minute otherwise is written at the end, too.
      const { lastUsedAt } = await db.apiKeyUsage.findUniqueOrThrow({ where: { keyId: key.id } });
      expect(await db.apiKeyAddress.count({ where: { keyId: key.id, lastAt: lastUsedAt } })).toBe(1);
      expect(await db.apiKeyScopeUse.findMany({ where: { keyId: asker.id } })).toMatchObject([
        { scope: "keys.verify" },
      ]);
      expect(await db.apiKeyRefusal.findMany({ where: { requestId } })).toMatchObject([{ keyId: revoked.id }]);
      expect(others).toEqual([]);
    },
  );

  test("killed outright loses the calls of about a second, and the next one counts on", async () => {
    const key = await createTestKey(await createTestDeveloper());
    const killed = await launch();
    const { answers, ended } = keepCalling(killed, key.token, true);
    await delay(3_000);
    const killedAt = Date.now();
    killed.signal("SIGKILL");
    await ended;
    const counted = await countedCalls(key.id);
    const owed = answers.filter((at) => at < killedAt - LOST_AT_MOST_MS).length;
    expect(owed).toBeGreaterThan(0);
    expect(counted).toBeGreaterThanOrEqual(owed);
    // At most one call of each caller was answered and not heard of.
    expect(counted).toBeLessThanOrEqual(answers.length + CALLERS);

    const next = await launch();
    const { status } = await ask(next.url, { method: "GET", path: "/api/v1/me", headers: bearer(key.token) });
    expect(status).toBe(200);
    await expect.poll(() => countedCalls(key.id)).toBe(counted + 1);
  });

  test("says which port is taken", async () => {
    const occupant = createServer().listen(0);
    await once(occupant, "listening");
    const address = occupant.address();
    const port = typeof address === "object" ? String(address?.port) : "";
    const refused = await launchVerifier({ env: { ...ENV, VERIFIER_PORT: port } });
    expect(await refused.exited).toBe(1);
    expect(refused.output()).toMatch(new RegExp(`^✗ Port ${port} is in use: .*VERIFIER_PORT`, "m"));
    occupant.close();
  });
});

test("without a database it says what to set, and makes none", async () => {
  const DATA_DIR = join(tmpdir(), `latchkey-no-database-${randomUUID()}`);
  const refused = await launchVerifier({ env: { DATA_DIR } });
  launched.push(refused);
  expect(await refused.exited).toBe(1);
  expect(refused.output()).toMatch(/^✗ No database found: set DATABASE_URL .* or DATA_DIR /m);
  expect(existsSync(DATA_DIR)).toBe(false);
});
