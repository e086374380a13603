import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createSilentServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { revokeApiKey } from "@/lib/api-keys/revoke/revoke-api-key";
import type { Actor } from "@/lib/auth/actor";
import { createTestDeveloper, createTestKey, inDays } from "@/lib/testing/fixtures";
import { freePort } from "@/scripts/free-port";
import { startVerifier } from "../service.ts";
import { type Call, call } from "./client.ts";

type Middleware = (request: IncomingMessage, response: ServerResponse, next: () => void) => Promise<void>;
type Guarded = IncomingMessage & { caller?: { key: { id: string }; team: { slug: string }; scopes: string[] } };

let directory: string;
let requireKey: (...scopes: string[]) => Middleware;
let verifier: Awaited<ReturnType<typeof startVerifier>>;
let api: Server;
let port: number;
let owner: Actor;
let asker: string;
let verifierUrl: string;
const served: Guarded[] = [];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "latchkey-middleware-"));
  const [, code = ""] = /```js\n(.*?)```/s.exec(await readFile("docs/middleware.md", "utf8")) ?? [];
  await writeFile(join(directory, "require-key.mjs"), code);
  ({ requireKey } = await import(/* @vite-ignore */ pathToFileURL(join(directory, "require-key.mjs")).href));
  const verifierPort = await freePort();
  verifier = await startVerifier(verifierPort);
  verifierUrl = `http://127.0.0.1:${verifierPort}`;
  owner = await createTestDeveloper();
  asker = (await createTestKey(owner, { kind: "team", scopes: ["keys.verify"] })).token;
  api = createServer((request: Guarded, response) => {
    const scope = request.method === "GET" ? "events.read" : "events.write";
    const guard = requireKey(request.url === "/wrongly-guarded" ? "events.read" : scope);
    void guard(request, response, () => {
      served.push(request);
      response.end("served");
    });
  });
  await new Promise<void>((resolve) => api.listen(0, "127.0.0.1", resolve));
  const address = api.address();
  port = typeof address === "object" && address ? address.port : 0;
});

beforeEach(() => {
  served.length = 0;
  process.env.LATCHKEY_URL = verifierUrl;
  process.env.LATCHKEY_KEY = asker;
});

afterAll(async () => {
  api.close().closeAllConnections();
  await verifier.close(AbortSignal.abort());
  await rm(directory, { recursive: true });
});

const send = (options: Call) => call(port, options);

async function expectRefused(options: Call, status: number, challenge: string | null): Promise<void> {
  const answer = await send(options);
  expect(answer.status).toBe(status);
  expect(answer.headers.get("www-authenticate")).toBe(challenge);
  expect(served).toEqual([]);
}

const INVALID = 'Bearer realm="api", error="invalid_token"';
const SHORT = 'Bearer realm="api", error="insufficient_scope"';

test("a good key is let in, and the API knows whose it is", async () => {
  const { id, token } = await createTestKey(owner, { scopes: ["events.read", "events.write"] });
  for (const method of ["GET", "POST"]) expect((await send({ method, token })).body).toBe("served");
  expect(served[0]?.caller).toMatchObject({ key: { id }, scopes: ["events.read", "events.write"] });
});

test("no token, a token in the address, another scheme and two headers are refused with a bare challenge", async () => {
  const { token } = await createTestKey(owner);
  const bare = 'Bearer realm="api"';
  await expectRefused({}, 401, bare);
  await expectRefused({ path: `/?access_token=${token}` }, 401, bare);
  await expectRefused({ headers: [["Authorization", `Basic ${token}`]] }, 401, bare);
  await expectRefused({ token, headers: [["Authorization", "Bearer other"]] }, 401, bare);
  await expectRefused({ token, headers: [["Authorization", ""]] }, 401, bare);
  await expectRefused({ token: "x".repeat(5_000) }, 401, bare);
});

test("unknown, revoked and expired tokens, and those of other teams, are refused", async () => {
  const stranger = await createTestDeveloper();
  const tokens = [
    "garbage",
    (await createTestKey(owner, { revokedAt: new Date() })).token,
    (await createTestKey(owner, { expiresAt: inDays(-1) })).token,
    (await createTestKey(stranger)).token,
  ];
  for (const token of tokens) await expectRefused({ token }, 401, INVALID);
});

test("a key short of scope is refused, also for a change behind a guard that names a reading scope", async () => {
  const { token } = await createTestKey(owner, { scopes: ["events.read"] });
  await expectRefused({ method: "POST", token }, 403, SHORT);
  await expectRefused({ method: "POST", path: "/wrongly-guarded", token }, 403, SHORT);
  const other = await createTestKey(owner, { scopes: ["contacts.read"] });
  await expectRefused({ token: other.token }, 403, SHORT);
});

test("keys narrowed to addresses or to one resource are refused elsewhere", async () => {
  const here = await createTestKey(owner, { allowedIps: ["127.0.5.1/32"] });
  expect((await send({ token: here.token, from: "127.0.5.1" })).status).toBe(200);
  served.length = 0;
  await expectRefused({ token: here.token, from: "127.0.5.2" }, 403, SHORT);
  const narrow = await createTestKey(owner, { resource: "event:7f1c3a52-9d5e-4b7a-8a43-0c6f1f4f9a11" });
  await expectRefused({ token: narrow.token }, 403, SHORT);
});

test("a revoked key is refused by the very next request", async () => {
  const { id, token } = await createTestKey(owner);
  expect((await send({ token })).status).toBe(200);
  await revokeApiKey(owner, { id });
  expect((await send({ token })).status).toBe(401);
  expect(served).toHaveLength(1);
});

test("nobody gets in when the verifier is down, silent, not Latchkey, or refuses to be asked", async () => {
  const { token } = await createTestKey(owner);
  process.env.LATCHKEY_URL = `http://127.0.0.1:${await freePort()}`;
  await expectRefused({ token }, 503, null);

  const silent = createSilentServer((socket) => socket.on("error", () => {}));
  const silentPort = await freePort();
  await new Promise<void>((resolve) => silent.listen(silentPort, "127.0.0.1", resolve));
  process.env.LATCHKEY_URL = `http://127.0.0.1:${silentPort}`;
  const begun = Date.now();
  await expectRefused({ token }, 503, null);
  expect(Date.now() - begun).toBeLessThan(4_000);
  silent.close();

  process.env.LATCHKEY_URL = verifierUrl;
  const unfit = [
    (await createTestKey(owner, { kind: "team", scopes: ["events.read"] })).token,
    (await createTestKey(owner, { kind: "team", scopes: ["keys.verify"], revokedAt: new Date() })).token,
    "",
  ];
  for (const key of unfit) {
    process.env.LATCHKEY_KEY = key;
    await expectRefused({ token }, 503, null);
  }
});
