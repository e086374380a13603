import { createServer, type Server } from "node:http";
import { type Browser, chromium, type Page } from "@playwright/test";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { findChromium } from "@/scripts/test/find-chromium";
import { call } from "./client.ts";
import { headersOf } from "./echoing-api.ts";
import { type RunningGateway, startGateway } from "./running-gateway.ts";
import { createTestKey, onEveryGateway, reader } from "./testbed.ts";

interface Answer {
  status: number;
  body: string;
  challenge: string | null;
}

let browser: Browser;

beforeAll(async () => {
  // Chromium refuses its sandbox to root.
  const args = process.getuid?.() === 0 ? ["--no-sandbox", "--disable-gpu"] : ["--disable-gpu"];
  browser = await chromium.launch({ executablePath: findChromium(), args });
}, 300_000);

afterAll(() => browser?.close());

// A page of one origin uses an API of another, through a gateway that is set up for it.
onEveryGateway((bed) => {
  const received: { method: string; headers: Headers }[] = [];
  let api: Server;
  let site: Server;
  let gateway: RunningGateway;
  let page: Page;
  let origin: string;

  beforeAll(async () => {
    site = await listening(createServer((_, response) => response.end("<!doctype html><title>Page</title>")));
    origin = originOf(site);
    api = await listening(
      createServer((request, response) => {
        received.push({ method: request.method ?? "", headers: new Headers(headersOf(request)) });
        const cors = { "access-control-allow-origin": origin, "access-control-allow-headers": "authorization" };
        const preflight = { ...cors, "access-control-allow-methods": "GET, DELETE" };
        if (request.method === "OPTIONS") response.writeHead(204, preflight).end();
        else response.writeHead(200, cors).end("of the API");
      }),
    );
    gateway = await startGateway(bed.kind, {
      verifierPort: bed.verifierPort,
      apiPort: Number(new URL(originOf(api)).port),
      edit: (text) =>
        text
          .replaceAll("# CORS: ", "")
          .replaceAll("https://app.example.com", origin)
          .replaceAll("read=events.read", "preflight=allow&read=events.read"),
    });
    page = await browser.newPage();
    await page.goto(origin);
  }, 300_000);

  beforeEach(() => {
    received.length = 0;
  });

  afterAll(async () => {
    await page?.close();
    await gateway?.stop();
    for (const server of [api, site]) server?.close().closeAllConnections();
  });

  /** What the page's own script gets; throws where the browser keeps the answer from it. */
  const fetchInPage = (token: string, method = "GET"): Promise<Answer> =>
    page.evaluate(
      async ([url = "", token = "", method = ""]) => {
        const response = await fetch(url, { method, headers: { authorization: `Bearer ${token}` } });
        const challenge = response.headers.get("www-authenticate");
        return { status: response.status, body: await response.text(), challenge };
      },
      [`http://127.0.0.1:${gateway.port}/events`, token, method],
    );

  test("with a valid key it gets the API's response, after a preflight without an identity", async () => {
    const { id, token } = await reader(bed);
    expect(await fetchInPage(token)).toMatchObject({ status: 200, body: "of the API" });
    expect(received.map(({ method }) => method)).toEqual(["OPTIONS", "GET"]);
    const [preflight, request] = received;
    expect([...(preflight?.headers ?? [])].filter(([name, value]) => /latchkey/.test(name) && value !== "")).toEqual(
      [],
    );
    expect(request?.headers.get("x-latchkey-key-id")).toBe(id);
  });

  test("with a bad key, or one short of scope, it can read why it was refused", async () => {
    const revoked = await createTestKey(bed.owner, { revokedAt: new Date() });
    const refused = await fetchInPage(revoked.token);
    expect(refused).toMatchObject({ status: 401, challenge: expect.stringContaining("The token was revoked.") });
    expect(JSON.parse(refused.body)).toMatchObject({ code: "invalid_token", detail: "The token was revoked." });
    const short = await fetchInPage((await reader(bed)).token, "DELETE");
    expect(short).toMatchObject({ status: 403, challenge: expect.stringContaining('scope="events.write"') });
    expect(received.map(({ method }) => method)).not.toContain("DELETE");
  });

  test("while the verifier is down, the refusal is for the page to read", async () => {
    const { token } = await reader(bed);
    await fetchInPage(token);
    const answer = await bed.withoutVerifier(async () => {
      // The preflight is asked about too, and a browser takes nothing but success for one.
      const headers: [string, string][] = [["Origin", origin]];
      return call(gateway.port, { token, headers });
    });
    expect([answer.status, answer.headers.get("access-control-allow-origin")]).toEqual([503, origin]);
  });

  test("of an origin that isn't allowed gets nothing", async () => {
    const { token } = await reader(bed);
    const other = await browser.newPage();
    await other.goto(origin.replace("127.0.0.1", "localhost"));
    const own = page;
    page = other;
    await expect(fetchInPage(token)).rejects.toThrow("Failed to fetch");
    page = own;
    await other.close();
    const answer = await call(gateway.port, { headers: [["Origin", "https://evil.example.com"]] });
    expect([answer.status, answer.headers.get("access-control-allow-origin") || origin]).toEqual([401, origin]);
  });

  test("what only resembles a preflight needs a key, and a forged identity gets nowhere in a real one", async () => {
    const origins: [string, string] = ["Origin", origin];
    const follows: [string, string] = ["Access-Control-Request-Method", "GET"];
    for (const [method, headers] of [
      ["OPTIONS", []],
      ["OPTIONS", [origins]],
      ["OPTIONS", [follows]],
      ["GET", [origins, follows]],
      ["POST", [origins, follows, ["X-Forwarded-Method", "OPTIONS"], ["X-Original-Method", "OPTIONS"]]],
      ["DELETE", [origins, follows, ["X-HTTP-Method-Override", "OPTIONS"]]],
    ] as [string, [string, string][]][]) {
      expect((await call(gateway.port, { method, headers })).status).toBe(401);
    }
    expect(received).toEqual([]);
    const forged: [string, string][] = ["X-Latchkey-Key-Id", "x_latchkey_role", "X.Latchkey.Scopes"].map((name) => [
      name,
      "forged",
    ]);
    expect((await call(gateway.port, { method: "OPTIONS", headers: [origins, follows, ...forged] })).status).toBe(204);
    expect(JSON.stringify([...(received[0]?.headers ?? [])])).not.toContain("forged");
  });
});

async function listening(server: Server): Promise<Server> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

function originOf(server: Server): string {
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
}
