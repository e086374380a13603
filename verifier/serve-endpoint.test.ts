import { randomUUID } from "node:crypto";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { beforeAll, describe, expect, test } from "vitest";
import { createTestDeveloper, createTestKey } from "@/lib/testing/fixtures";
import { ownerDb } from "@/lib/testing/owner-database";
import { bearer, jsonOf, testVerifier } from "./testing/running-verifier.ts";
import { createVerifyingTeam, type VerifyingTeam } from "./testing/verifying-team.ts";

const verifier = testVerifier();
let ours: VerifyingTeam;
beforeAll(async () => {
  ours = await createVerifyingTeam();
});

const ENDPOINTS: [string, string, string[]][] = [
  ["/api/v1/me", "GET", ["GET", "HEAD"]],
  ["/api/v1/introspect", "POST", ["POST"]],
  ["/api/v1/verify", "POST", ["POST"]],
  ["/.well-known/oauth-authorization-server", "GET", ["GET", "HEAD"]],
  ["/api/health/live", "GET", ["GET", "HEAD"]],
  ["/api/health/ready", "GET", ["GET", "HEAD"]],
  ["/api/metrics", "GET", ["GET", "HEAD"]],
];

describe.each(ENDPOINTS)("%s", (path, _, allowed) => {
  test("refuses every method but its own with 405, and names those", async () => {
    for (const method of ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]) {
      if (allowed.includes(method)) continue;
      const answer = await verifier.call(path, { method, headers: ours.asBearer });
      expect([method, answer.status, answer.headers.allow]).toEqual([method, 405, allowed.join(", ")]);
      if (method !== "HEAD") expect(jsonOf(answer)).toMatchObject({ success: false, code: "method_not_allowed" });
    }
  });

  test("has a response that must not be cached, with the request's id", async () => {
    const answer = await verifier.call(path, {
      method: allowed[0],
      headers: { ...ours.asBearer, "x-request-id": "r-1" },
    });
    expect(answer.headers).toMatchObject({
      "cache-control": "private, no-store",
      "x-content-type-options": "nosniff",
      "x-request-id": "r-1",
      "content-length": String(Buffer.byteLength(answer.body)),
    });
    expect(answer.headers).not.toHaveProperty("access-control-allow-origin");
    expect(answer.headers).not.toHaveProperty("set-cookie");
    expect(answer.headers).not.toHaveProperty("x-powered-by");
  });
});

test.each(["/api/v1/me", "/.well-known/oauth-authorization-server", "/api/health/live", "/api/v1/forward-auth"])(
  "HEAD %s is answered like GET, without the body",
  async (path) => {
    const [head, get] = [
      await verifier.call(path, { method: "HEAD", headers: ours.asBearer }),
      await verifier.call(path, { headers: ours.asBearer }),
    ];
    const stable = ({ date: _, "x-request-id": __, ...headers }: typeof get.headers) => headers;
    expect([head.status, head.body]).toEqual([200, ""]);
    expect(stable(head.headers)).toEqual(stable(get.headers));
  },
);

test.each([
  "/",
  "/api",
  "/api/v1",
  "/api/v1/",
  "/api/v1/me/",
  "/api/v1//me",
  "/api/v1/ME",
  "/api/v1/%6de",
  "/api/v1/x/../me",
  "/api/v1/me;x",
  "/api/v1/api-keys",
  "/api/auth/session",
  "//api/v1/me",
  "/__proto__",
  "/constructor",
])("there is nothing at %s: 404 as a problem", async (path) => {
  const answer = await verifier.call(path, { headers: { ...ours.asBearer, "x-request-id": "r-1" } });
  expect([answer.status, answer.headers["content-type"]]).toEqual([404, "application/problem+json"]);
  expect(jsonOf(answer)).toMatchObject({ success: false, code: "not_found", instance: "urn:request:r-1" });
  const { headers } = await verifier.call("/api/v1/me", { headers: { "x-request-id": "r-1" } });
  const { date: _, "content-length": __, "www-authenticate": ___, ...common } = headers;
  expect(answer.headers).toMatchObject(common);
});

describe("a request's id", () => {
  test("is the caller's where it can do no harm, in the header and in the body", async () => {
    const answer = await verifier.call("/api/v1/me", { headers: { "x-request-id": "trace_1.2-3" } });
    expect([answer.headers["x-request-id"], jsonOf(answer).instance]).toEqual([
      "trace_1.2-3",
      "urn:request:trace_1.2-3",
    ]);
  });

  test.each(["a b", "<script>", "x".repeat(65), 'a"b', ""])("is a new one instead of %j", async (id) => {
    const answer = await verifier.call("/api/v1/me", { headers: { "x-request-id": id } });
    expect(answer.headers["x-request-id"]).toMatch(/^[0-9a-f-]{36}$/);
    expect(jsonOf(answer).instance).toBe(`urn:request:${answer.headers["x-request-id"]}`);
  });
});

describe("the caller's address", () => {
  test("is what the trusted proxy says, and no other header", async () => {
    const { token } = await createTestKey(ours.owner, { allowedIps: ["192.0.2.7"] });
    const me = (headers: object) => verifier.call("/api/v1/me", { headers: { ...bearer(token), ...headers } });
    expect((await me({ "x-forwarded-for": "192.0.2.7" })).status).toBe(200);
    expect((await me({ "x-forwarded-for": "192.0.2.7:61598" })).status).toBe(200);
    expect((await me({ forwarded: 'for="192.0.2.7:61598"' })).status).toBe(200);
    expect((await me({ "x-forwarded-for": "192.0.2.7, 198.51.100.7" })).status).toBe(403);
    expect((await me({ "x-forwarded-for": "198.51.100.7", forwarded: "for=192.0.2.7" })).status).toBe(403);
    const claims = {
      "x-real-ip": "192.0.2.7",
      "x-latchkey-client-ip": "192.0.2.7",
      "cf-connecting-ip": "192.0.2.7",
    };
    expect((await me(claims)).status).toBe(403);
  });

  test("is unknown where that can't be read: a key narrowed to the proxy's own is refused", async () => {
    const { token } = await createTestKey(ours.owner, { allowedIps: ["127.0.0.0/8", "::1"] });
    const me = (headers: object) => verifier.call("/api/v1/me", { headers: { ...bearer(token), ...headers } });
    expect((await me({})).status).toBe(200);
    for (const unreadable of ["unknown", "", "127.0.0.1:", "127.0.0.1, x"]) {
      expect((await me({ "x-forwarded-for": unreadable })).status).toBe(403);
    }
    expect((await me({ forwarded: "for=_hidden" })).status).toBe(403);
  });
});

describe("me", () => {
  test("describes the caller's key", async () => {
    const answer = await verifier.call("/api/v1/me", { headers: ours.asBearer });
    expect([answer.status, answer.headers["content-type"]]).toEqual([200, "application/json"]);
    expect(jsonOf(answer)).toMatchObject({
      success: true,
      data: {
        key: { id: ours.caller.id, kind: "team" },
        team: { id: ours.team.id, slug: ours.team.slug },
        member: null,
        scopes: ["keys.verify"],
      },
    });
  });

  test("doesn't take Basic, which is for those who ask about others", async () => {
    const answer = await verifier.call("/api/v1/me", { headers: ours.asBasic });
    expect([answer.status, answer.headers["www-authenticate"]]).toEqual([401, 'Bearer realm="latchkey"']);
  });

  test("takes no token from the query, a cookie or another header", async () => {
    const { token } = ours.caller;
    const headers = {
      cookie: `token=${token}; access_token=${token}`,
      "x-api-key": token,
      "proxy-authorization": `Bearer ${token}`,
    };
    const answer = await verifier.call(`/api/v1/me?access_token=${token}&token=${token}`, { headers });
    expect([answer.status, jsonOf(answer).code]).toEqual([401, "unauthenticated"]);
  });
});

describe("malformed HTTP", () => {
  const raw = (request: string) => {
    const socket = connect(Number(new URL(verifier.url).port), "127.0.0.1");
    socket.end(request);
    return text(socket);
  };

  test.each([
    ["no request at all", "garbage\r\n\r\n", /^HTTP\/1\.1 40[05] /],
    [
      "a header that is too long",
      `GET /api/v1/me HTTP/1.1\r\nHost: x\r\nX: ${"x".repeat(20_000)}\r\n\r\n`,
      /^HTTP\/1\.1 431 /,
    ],
    [
      "two lengths, by which others could read another request",
      "POST /api/v1/verify HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nContent-Length: 5\r\n\r\n",
      /^HTTP\/1\.1 400 /,
    ],
    [
      "a length beside chunks",
      "POST /api/v1/verify HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      /^HTTP\/1\.1 400 /,
    ],
  ])("%s is refused", async (_, request, expected) => {
    expect(await raw(request)).toMatch(expected);
  });

  test("an aborted body does no harm: the next request is answered", async () => {
    await raw(`POST /api/v1/verify HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n{"token"`);
    expect((await verifier.call("/api/health/live")).status).toBe(200);
  });
});

describe.each(["/api/v1/introspect", "/api/v1/verify"])("a body for %s", (path) => {
  /** Sends a head and a part of the body that it announces, and reads until the connection ends. */
  const sendPart = (authorization: string) => {
    const socket = connect(Number(new URL(verifier.url).port), "127.0.0.1");
    socket.write(`POST ${path} HTTP/1.1\r\nHost: x\r\n${authorization}Content-Length: 60000\r\n\r\n{"token"`);
    return text(socket);
  };

  test.each([
    ["nothing", "", 401],
    ["a scheme that isn't known here", "Authorization: Digest x\r\n", 401],
    ["no token", "Authorization: Bearer\r\n", 400],
    ["garbage", "Authorization: Bearer garbage\r\n", 401],
    ["a token with a mistake", `Authorization: Bearer lk_key_${"0".repeat(72)}\r\n`, 401],
    ["garbage as Basic", `Authorization: Basic ${Buffer.from("id:garbage").toString("base64")}\r\n`, 401],
  ])("isn't waited for where the head shows %s", async (_, authorization, status) => {
    const answer = await sendPart(authorization);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(answer).toMatch(/^www-authenticate: /im);
    expect(answer).toMatch(/^connection: close\r$/im);
  });

  test("is waited for where the head shows a token, and is asked for where its sender waits for that", async () => {
    const socket = connect(Number(new URL(verifier.url).port), "127.0.0.1");
    let received = "";
    socket.setEncoding("utf8").on("data", (chunk: string) => {
      received += chunk;
    });
    const { authorization } = ours.asBearer;
    const head = [`POST ${path} HTTP/1.1`, "Host: x", `Authorization: ${authorization}`, "Content-Length: 2"];
    socket.write([...head, "Expect: 100-continue", "", ""].join("\r\n"));
    await expect.poll(() => received).toBe("HTTP/1.1 100 Continue\r\n\r\n");
    socket.write("{}");
    await expect.poll(() => received).toMatch(/HTTP\/1\.1 415 /);
    socket.destroy();
  });
});

test("a response that can't be written closes its connection, and others are still served", async () => {
  const owner = await createTestDeveloper();
  const { token } = await createTestKey(owner);
  await ownerDb.team.update({ where: { id: owner.teamId }, data: { slug: `→ ${randomUUID()}` } });
  await expect(verifier.call("/api/v1/forward-auth", { headers: bearer(token) })).rejects.toThrow();
  expect((await verifier.call("/api/v1/me", { headers: bearer(token) })).status).toBe(200);
});
