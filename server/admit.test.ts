import { createServer, type IncomingHttpHeaders, request } from "node:http";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newSecret } from "../lib/api-keys/token.ts";
import { type AdmissionSettings, admit } from "./admit.ts";
import { answerClientError } from "./client-error.ts";
import { parseTrustedProxies } from "./client-ip.ts";
import { listen } from "./listen.ts";
import { BODY_LIMIT_BYTES } from "./receive-body.ts";

const ORIGIN = "https://keys.example.com";

const BEARER = { authorization: `Bearer ${newSecret("lk_ses_")}` };

const settings: AdmissionSettings = {
  dev: false,
  publicUrl: ORIGIN,
  allowedOrigins: [ORIGIN],
  trustedProxies: parseTrustedProxies([]),
};

/** Stands in for Next: echoes its request, and sets a public Cache-Control. */
const server = createServer(async (incoming, response) => {
  if (!(await admit(incoming, response, settings))) return;
  const body = incoming.url === "/api/v1/unread" ? "" : await text(incoming);
  response.setHeader("cache-control", "public, max-age=31536000");
  if (incoming.url === "/_next/static/missing.js") response.statusCode = 404;
  response.end(JSON.stringify({ headers: incoming.headers, length: body.length }));
});
server.on("clientError", answerClientError);

let port = 0;

beforeAll(async () => {
  await listen(server, 0);
  port = (server.address() as { port: number }).port;
});
afterAll(() => server.close());

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

function send(
  path: string,
  init: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ port, path, method: init.method ?? "GET", headers: init.headers }, async (answer) => {
      resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: await text(answer) });
    });
    outgoing.on("error", reject).end(init.body);
  });
}

async function received(
  path: string,
  init?: Parameters<typeof send>[1],
): Promise<{ headers: IncomingHttpHeaders; length: number }> {
  return JSON.parse((await send(path, init)).body);
}

/** The first line of the response to these bytes. */
async function sendRaw(bytes: string): Promise<string | undefined> {
  return (await sendAndRead(bytes)).split("\r\n")[0];
}

function sendAndRead(bytes: string): Promise<string> {
  const socket = connect(port, "localhost");
  socket.write(bytes);
  return text(socket);
}

describe("what Next is given", () => {
  test("the address the request came from, not the one it claims", async () => {
    const { headers } = await received("/", {
      headers: { "x-latchkey-client-ip": "1.2.3.4", "x-forwarded-for": "1.2.3.4" },
    });
    expect(headers["x-latchkey-client-ip"]).toMatch(/^(::1|127\.0\.0\.1)$/);
  });

  test("the console's own host", async () => {
    const { headers } = await received("/", { headers: { host: "evil.example", "x-forwarded-host": "evil.example" } });
    expect(headers).toMatchObject({ host: "keys.example.com", "x-forwarded-host": "keys.example.com" });
  });

  test("a request id that can do no harm, the same as in the answer", async () => {
    const kept = await send("/", { headers: { "x-request-id": "trace-1.a_B" } });
    expect(kept.headers["x-request-id"]).toBe("trace-1.a_B");
    const replaced = await send("/", { headers: { "x-request-id": "a b\tc" } });
    expect(replaced.headers["x-request-id"]).toMatch(/^[0-9a-f-]{36}$/);
    expect(JSON.parse(replaced.body).headers["x-request-id"]).toBe(replaced.headers["x-request-id"]);
  });

  test("the whole body, sent at once or in chunks", async () => {
    const body = "x".repeat(BODY_LIMIT_BYTES);
    expect((await received("/api/v1/x", { method: "POST", headers: BEARER, body })).length).toBe(BODY_LIMIT_BYTES);
    const headers = { ...BEARER, "transfer-encoding": "chunked" };
    expect((await received("/api/v1/x", { method: "POST", headers, body })).length).toBe(BODY_LIMIT_BYTES);
  });

  test("no body of a call to the API that shows nothing that could be a credential: it isn't received", async () => {
    const length = async (path: string, headers: Record<string, string>) =>
      (await received(path, { method: "POST", headers: { origin: ORIGIN, ...headers }, body: "12345" })).length;
    const unconvincing: Record<string, string>[] = [
      {},
      { authorization: "Bearer garbage" },
      { authorization: `Bearer lk_pat_${"0".repeat(72)}` },
      { authorization: "Bearer" },
      { authorization: "Basic YTpi" },
      { cookie: "other=1" },
    ];
    for (const headers of unconvincing) {
      expect(await length("/api/v1/x", headers), JSON.stringify(headers)).toBe(0);
    }
    expect(await length("/api/v1/x", BEARER)).toBe(5);
    expect(await length("/api/v1/x", { cookie: "a=b; __Host-latchkey.session=x" })).toBe(5);
    // Sign-in and page forms are for clients without a session.
    expect(await length("/api/auth/callback/credentials", {})).toBe(5);
    expect(await length("/sign-in", {})).toBe(5);
  });

  test("an answer that ends the connection before the rest of such a body has come, and so do refusals", async () => {
    const unfinished = (head: string) =>
      sendAndRead(`${head} HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\n${"x".repeat(1_000)}`);
    for (const [head, status] of [
      ["POST /api/v1/unread", 200],
      ["TRACE /", 405],
      ["POST //x", 400],
    ] as const) {
      const answer = await unfinished(head);
      expect(answer, head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
      expect(answer, head).toMatch(/^connection: close/im);
    }
  });
});

describe("every answer", () => {
  test("carries the security headers, with the nonce that Next was given", async () => {
    const { headers, body } = await send("/");
    expect(headers).toMatchObject({
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "referrer-policy": "same-origin",
      "cross-origin-opener-policy": "same-origin",
      "strict-transport-security": expect.stringMatching(/^max-age=\d{8}/),
    });
    const policy = headers["content-security-policy"];
    expect(policy).toMatch(/script-src 'self' 'nonce-[\w+/=]{24}' 'strict-dynamic';/);
    expect(policy).not.toContain("unsafe-eval");
    expect(JSON.parse(body).headers["content-security-policy"]).toBe(policy);
    expect((await send("/")).headers["content-security-policy"]).not.toBe(policy);
  });

  test.each([
    ["/", "private, no-store"],
    ["/api/v1/me", "private, no-store"],
    ["/_next/static/chunks/a.js", "public, max-age=31536000, immutable"],
    ["/_next/static/missing.js", "private, no-store"],
    ["/_next/static/../../acme", "private, no-store"],
    ["/robots.txt", "public, max-age=3600"],
    ["/icon.svg", "public, max-age=3600"],
    ["/iconic", "private, no-store"],
    ["/icon-192", "private, no-store"],
    ["/icon.png/settings", "private, no-store"],
  ])("to %s says it may be kept: %s", async (path, expected) => {
    expect((await send(path)).headers["cache-control"]).toBe(expected);
  });
});

describe("what gets no further", () => {
  const foreign = { origin: "https://evil.example" };

  test("changes that another site causes", async () => {
    expect((await send("/acme", { method: "POST", headers: foreign })).status).toBe(403);
    expect((await send("/acme", { method: "POST", headers: { origin: ORIGIN } })).status).toBe(200);
  });

  test("changes by a cookie that don't come from the console's own pages, whatever they show beside it", async () => {
    const cookie = "latchkey.session=x";
    const post = async (headers: Record<string, string>) =>
      (await send("/api/v1/api-keys", { method: "POST", headers })).status;
    const strange: Record<string, string>[] = [
      {},
      foreign,
      { "sec-fetch-site": "cross-site" },
      { origin: ORIGIN, "sec-fetch-site": "cross-site" },
      { origin: ORIGIN, "sec-fetch-site": "same-site" },
      { ...foreign, authorization: "Basic eDp5" },
      { ...foreign, authorization: "" },
    ];
    for (const headers of strange) {
      expect(await post({ cookie, ...headers }), JSON.stringify(headers)).toBe(403);
    }
    expect(await post({ cookie, origin: ORIGIN, "sec-fetch-site": "same-origin" })).toBe(200);
    expect(await post({ cookie, ...foreign, authorization: "Bearer lk_ses_1" })).toBe(200);
    expect(await post(foreign)).toBe(200);
  });

  test("bodies over the limit, declared or not", async () => {
    const body = "x".repeat(BODY_LIMIT_BYTES + 1);
    expect((await send("/api/v1/x", { method: "POST", headers: BEARER, body })).status).toBe(413);
    const chunked = { ...BEARER, "transfer-encoding": "chunked" };
    expect((await send("/api/v1/x", { method: "POST", headers: chunked, body })).status).toBe(413);
  });

  test("a parameter of the API that Next would lose, however it is written", async () => {
    for (const query of ["__proto__=1", "a=b&__proto__", "%5F_proto_%5f=1&limit=1"]) {
      const refused = await send(`/api/v1/api-keys?${query}`);
      expect([query, refused.status]).toEqual([query, 422]);
      expect(JSON.parse(refused.body)).toMatchObject({
        code: "invalid",
        errors: [{ parameter: "__proto__", detail: "This parameter doesn't exist." }],
      });
    }
    for (const path of ["/api/v1/api-keys?proto=__proto__", "/acme?__proto__=1"]) {
      expect((await send(path)).status).toBe(200);
    }
  });

  test("methods that mean nothing here", async () => {
    expect((await send("/", { method: "TRACE" })).status).toBe(405);
    expect((await send("/", { method: "DELETE", headers: { origin: ORIGIN } })).status).toBe(405);
    expect((await send("/api/v1/x", { method: "DELETE" })).status).toBe(200);
    expect(await sendRaw("FOO / HTTP/1.1\r\nHost: a\r\n\r\n")).toBe("HTTP/1.1 405 Method Not Allowed");
  });

  test("heads that are too long, and what is no HTTP", async () => {
    const long = `GET /${"a".repeat(20_000)} HTTP/1.1\r\nHost: a\r\n\r\n`;
    expect(await sendRaw(long)).toBe("HTTP/1.1 431 Request Header Fields Too Large");
    expect(await sendRaw("hello\r\n\r\n")).toMatch(/^HTTP\/1\.1 4/);
  });

  test("paths that could be read in two ways", async () => {
    expect((await send("//evil.example")).status).toBe(400);
    expect(await sendRaw("GET http://evil.example/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")).toBe(
      "HTTP/1.1 400 Bad Request",
    );
  });

  test("the API's refusals are problem documents, the pages' plain text", async () => {
    const refused = await send("/api/auth/session", { method: "POST", headers: foreign });
    expect(refused.headers["content-type"]).toBe("application/problem+json");
    expect(JSON.parse(refused.body)).toMatchObject({
      type: "about:blank",
      title: "Forbidden",
      status: 403,
      success: false,
      code: "cross_site_request",
      instance: `urn:request:${refused.headers["x-request-id"]}`,
    });
    const page = await send("/acme", { method: "POST", headers: foreign });
    expect(page.headers["content-type"]).toBe("text/plain; charset=utf-8");
  });
});

describe("posts in Next's own protocol that Next would fail on", () => {
  const post = (headers: Record<string, string>, body: string) =>
    send("/acme", { method: "POST", headers: { origin: ORIGIN, ...headers }, body });

  test.each([
    ["an action's body that is no JSON", { "next-action": "a1", "content-type": "text/plain" }, "garbage"],
    ["a reference to nothing", { "next-action": "a1", "content-type": "text/plain" }, '["acme",{"name":"$F1"}]'],
    ["an action's body that is no list", { "next-action": "a1", "content-type": "text/plain" }, "{}"],
    [
      "an action's form without its end",
      { "next-action": "a1", "content-type": "multipart/form-data; boundary=x" },
      "garbage",
    ],
    ["a form without a boundary", { "content-type": "multipart/form-data" }, "garbage"],
    ["an action's id that is none", { "next-action": "lk_pat_0123", "content-type": "text/plain" }, "[]"],
    ["an action's id beside another", { "next-action": "a1, a2", "content-type": "text/plain" }, "[]"],
    ["a router state that is none", { "next-router-state-tree": "garbage%" }, ""],
  ])("%s is the client's fault", async (_, headers, body) => expect((await post(headers, body)).status).toBe(400));

  test("a well-formed action gets through", async () => {
    const multipart = '--x\r\nContent-Disposition: form-data; name="0"\r\n\r\n["$K1"]\r\n--x--\r\n';
    const headers = { "next-action": "a1", "content-type": "multipart/form-data; boundary=x" };
    expect((await post(headers, multipart)).status).toBe(200);
    expect(
      (await post({ "next-action": "a1", "content-type": "text/plain" }, '["$$5","$undefined",{"n":1}]')).status,
    ).toBe(200);
  });
});
