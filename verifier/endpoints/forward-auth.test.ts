import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { beforeAll, describe, expect, test } from "vitest";
import type { Actor } from "@/lib/auth/actor";
import { usage } from "@/lib/calls/usage";
import { db } from "@/lib/database/db";
import { createTestKey, createTestMember, createTestTeam, inDays, type TestTeam } from "@/lib/testing/fixtures";
import { bearer, type Call, jsonOf, testVerifier } from "../testing/running-verifier.ts";

const verifier = testVerifier();
let team: TestTeam;
let owner: Actor;
let readOnly: { id: string; token: string };
let full: { id: string; token: string };

beforeAll(async () => {
  team = await createTestTeam();
  owner = await createTestMember(team, { permissions: ["events.read", "events.write"] });
  readOnly = await createTestKey(owner, { scopes: ["events.read"] });
  full = await createTestKey(owner, { scopes: ["events.read", "events.write"] });
});

const ask = (query: string, token: string, { headers, ...more }: Call = {}) =>
  verifier.call(`/api/v1/forward-auth${query}`, { ...more, headers: { ...bearer(token), ...headers } });

const outcome = async (query: string, token: string, headers: Record<string, string> = {}, method = "GET") => {
  const answer = await ask(query, token, { headers, method });
  return answer.status === 200 ? 200 : jsonOf(answer).code;
};

const identityIn = (headers: object) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith("x-latchkey-")));

describe("who is let in", () => {
  test("is described to the gateway in all identity headers", async () => {
    const [name, expiresAt] = ["Zap: “1”, a=b; 🦊\r\nX-Evil: 1", inDays(1)];
    const resource = "event:0190a5c4-0000-7000-8000-000000000001";
    const { id, token } = await createTestKey(owner, {
      name,
      expiresAt,
      resource,
      scopes: ["events.read", "gone.read"],
    });
    const answer = await ask(`?scope=events.read&resource=${resource}`, token);
    const { email } = await db.user.findUniqueOrThrow({ where: { id: owner.userId } });
    expect(answer.status).toBe(200);
    expect(identityIn(answer.headers)).toEqual({
      "x-latchkey-key-id": id,
      "x-latchkey-key-kind": "personal",
      "x-latchkey-key-name": "Zap:%20%E2%80%9C1%E2%80%9D%2C%20a%3Db%3B%20%F0%9F%A6%8A%0D%0AX-Evil:%201",
      "x-latchkey-team-id": team.id,
      "x-latchkey-team": team.slug,
      "x-latchkey-member-id": owner.memberId,
      "x-latchkey-member-email": email,
      "x-latchkey-role": owner.roleName,
      "x-latchkey-scopes": "events.read",
      "x-latchkey-resource": resource,
      "x-latchkey-expires-at": expiresAt.toISOString(),
    });
    expect(answer.headers).not.toHaveProperty("x-evil");
  });

  test("has every identity header, empty where there is nothing to say: the client's own must not stand in its place", async () => {
    const { id, token } = await createTestKey(owner, { kind: "team", name: null, scopes: [] });
    const forged = {
      "x-latchkey-role": "Admin",
      "x-latchkey-member-id": "forged",
      "x-latchkey-scopes": "events.write",
    };
    const answer = await ask("", token, { headers: forged });
    expect(answer.status).toBe(200);
    expect(identityIn(answer.headers)).toEqual({
      "x-latchkey-key-id": id,
      "x-latchkey-key-kind": "team",
      "x-latchkey-key-name": "",
      "x-latchkey-team-id": team.id,
      "x-latchkey-team": team.slug,
      "x-latchkey-member-id": "",
      "x-latchkey-member-email": "",
      "x-latchkey-role": "",
      "x-latchkey-scopes": "",
      "x-latchkey-resource": "",
      "x-latchkey-expires-at": "",
    });
  });

  test.each(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])(
    "is let in by whatever method the gateway asks with: %s, which says nothing of the client's",
    async (method) => {
      const answer = await ask("?scope=events.read", readOnly.token, { method });
      expect([answer.status, answer.headers["x-latchkey-key-id"]]).toEqual([200, readOnly.id]);
    },
  );

  test("gets a 200 without a body, which is all that a gateway can reuse its connection after", async () => {
    for (const method of ["GET", "HEAD", "POST"]) {
      const { status, headers, body } = await ask("?scope=events.read", readOnly.token, { method });
      expect([method, status, headers["content-length"], headers["content-type"], body]).toEqual([
        ...[method, 200, "0", undefined, ""],
      ]);
    }
  });

  test.each([
    ["a length", "Content-Length: 1048576"],
    ["a length beyond all limits", "Content-Length: 99999999999"],
    ["chunks", "Transfer-Encoding: chunked"],
  ])("is answered without a look at the body that %s announces, and the connection ends", async (_, announcement) => {
    for (const method of ["GET", "POST", "PUT", "DELETE"]) {
      const socket = connect(Number(new URL(verifier.url).port), "127.0.0.1");
      const head = `${method} /api/v1/forward-auth?scope=events.read HTTP/1.1\r\nHost: x`;
      socket.write(`${head}\r\nAuthorization: Bearer ${readOnly.token}\r\n${announcement}\r\n\r\n`);
      const answer = await text(socket);
      expect(answer, method).toMatch(/^HTTP\/1\.1 200 .*^content-length: 0\r$/ims);
      expect(answer, method).toMatch(/^connection: close\r$/im);
    }
  });

  test("keeps the connection after a body that has arrived", async () => {
    const { headers } = await ask("?scope=events.read", readOnly.token, { method: "POST", body: "the client's" });
    expect(headers.connection).toBe("keep-alive");
  });

  test("is counted with the address and the agent that the gateway passes on", async () => {
    const { id, token } = await createTestKey(owner);
    await ask("?scope=events.read", token, { ip: "192.0.2.7", headers: { "user-agent": "curl/8" } });
    await usage.flush();
    const use = { lastUsedIp: "192.0.2.7", lastUsedUserAgent: "curl/8", calls: 1n };
    expect(await db.apiKeyUsage.findUnique({ where: { keyId: id } })).toMatchObject(use);
  });
});

describe("who isn't let in", () => {
  test("has no identity in the answer, and a challenge", async () => {
    const revoked = await createTestKey(owner, { revokedAt: new Date() });
    for (const [token, status] of [
      [revoked.token, 401],
      [readOnly.token, 403],
      ["garbage", 401],
    ] as const) {
      const answer = await ask("?scope=events.write", token);
      expect(answer.status).toBe(status);
      expect(answer.headers["www-authenticate"]).toMatch(
        /^Bearer realm="latchkey", error="(invalid_token|insufficient_scope)"/,
      );
      expect(identityIn(answer.headers)).toEqual({});
    }
  });

  test("gets 401 where other endpoints answer 400, which gateways treat as a failure", async () => {
    const twice: object = { authorization: [`Bearer ${full.token}`, `Bearer ${full.token}`] };
    const answer = await verifier.call("/api/v1/forward-auth", { headers: { ...twice } });
    expect([answer.status, jsonOf(answer).code]).toEqual([401, "invalid_request"]);
    expect((await verifier.call("/api/v1/forward-auth")).status).toBe(401);
  });
});

describe("several scopes", () => {
  test.each([
    "events.read,events.write",
    "events.read%20events.write",
    "events.read+events.write",
    " events.read , events.write ",
  ])("are all needed: %s", async (scopes) => {
    const query = `?scope=${scopes.replaceAll(" ", "%20")}`;
    expect([await outcome(query, full.token), await outcome(query, readOnly.token)]).toEqual([
      200,
      "insufficient_scope",
    ]);
  });
});

describe("with read= and write=, the client's method decides", () => {
  const QUERY = "?read=events.read&write=events.write";

  test.each([
    ["GET", 200],
    ["HEAD", 200],
    ["OPTIONS", 200],
    ["get", 200],
    ["POST", "insufficient_scope"],
    ["PUT", "insufficient_scope"],
    ["PATCH", "insufficient_scope"],
    ["DELETE", "insufficient_scope"],
    ["PROPFIND", "insufficient_scope"],
    ["GETX", "insufficient_scope"],
    [" GET, POST", "insufficient_scope"],
    ["", "insufficient_scope"],
  ])("%j by a read-only key: %s", async (method, expected) => {
    expect(await outcome(QUERY, readOnly.token, { "x-forwarded-method": method })).toBe(expected);
    expect(await outcome(QUERY, readOnly.token, { "x-original-method": method })).toBe(expected);
    expect(await outcome(QUERY, full.token, { "x-forwarded-method": method })).toBe(200);
  });

  test.each([
    ["the client adds the other header", { "x-forwarded-method": "GET", "x-original-method": "DELETE" }],
    [
      "the client adds the other header, the other way round",
      { "x-forwarded-method": "DELETE", "x-original-method": "GET" },
    ],
    ["neither header is there", {}],
    [
      "another header claims a method",
      { "x-http-method-override": "GET", "x-http-method": "GET", "x-method-override": "GET" },
    ],
  ])("the strictest counts where %s", async (_, headers) => {
    expect(await outcome(QUERY, readOnly.token, headers as Record<string, string>)).toBe("insufficient_scope");
  });

  test("the strictest counts where one header comes twice", async () => {
    const headers = { "x-forwarded-method": ["GET", "POST"] };
    expect((await ask(QUERY, readOnly.token, { headers })).status).toBe(403);
  });

  test("the method of the gateway's own request doesn't count", async () => {
    expect(await outcome(QUERY, readOnly.token, {}, "GET")).toBe("insufficient_scope");
    expect(await outcome(QUERY, readOnly.token, { "x-forwarded-method": "GET" }, "POST")).toBe(200);
  });

  test("an omitted method is refused for everybody, and no missing scope is named", async () => {
    const { headers } = await ask("?read=events.read", full.token, { headers: { "x-forwarded-method": "POST" } });
    expect(headers["www-authenticate"]).toContain("no scope for this method");
    expect(headers["www-authenticate"]).not.toContain("scope=");
    expect(await outcome("?read=events.read", full.token, { "x-forwarded-method": "POST" })).toBe("insufficient_scope");
    expect(await outcome("?read=events.read", full.token, { "x-forwarded-method": "GET" })).toBe(200);
    expect(await outcome("?write=events.write", full.token, { "x-forwarded-method": "GET" })).toBe(
      "insufficient_scope",
    );
    expect(await outcome("?write=events.write", full.token, { "x-forwarded-method": "PUT" })).toBe(200);
  });
});

describe("a misconfigured gateway gets 400, and nobody gets in", () => {
  test.each([
    ["an unknown parameter", "?scopes=events.read"],
    ["a known one in other case", "?Scope=events.read"],
    ["an unknown one beside a known one", "?scope=events.read&x=1"],
    ["one twice", "?scope=events.read&scope=events.write"],
    ["one twice, the same", "?read=events.read&read=events.read"],
    ["an empty scope", "?scope="],
    ["a blank scope", "?scope=%20"],
    ["an empty read", "?read=&write=events.write"],
    ["an empty resource", "?scope=events.read&resource="],
    ["a scope without a value", "?scope"],
    ["scope beside read", "?scope=events.read&read=events.read"],
    ["scope beside write", "?scope=events.read&write=events.read"],
    ["only separators for scopes", "?scope=,"],
    ["only separators for reading", "?read=,&write=events.write"],
  ])("%s", async (_, query) => {
    const answer = await ask(query, full.token, { headers: { "x-forwarded-method": "GET" } });
    expect([answer.status, answer.status === 200 || jsonOf(answer).code]).toEqual([400, "invalid_question"]);
    expect(identityIn(answer.headers)).toEqual({});
  });
});

describe("ignored parameters", () => {
  test("include tokens, which don't affect the decision", async () => {
    const inQuery = `?scope=events.read&access_token=${full.token}&token=${full.token}`;
    expect((await verifier.call(`/api/v1/forward-auth${inQuery}`)).status).toBe(401);
    expect(await outcome("?scope=events.read&token=garbage&access_token=garbage", full.token)).toBe(200);
  });

  test("include all after original=, which is the client's own URL", async () => {
    const original = "original=/events?scope=events.read&read=events.read&resource=*&scope=&x=1";
    expect(await outcome(`?scope=events.write&${original}`, readOnly.token)).toBe("insufficient_scope");
    expect(await outcome(`?scope=events.read&${original}`, readOnly.token)).toBe(200);
    expect(await outcome(`?${original}`, readOnly.token)).toBe(200);
  });

  test("don't include one that only ends in original=", async () => {
    expect((await ask("?scope=events.read&xoriginal=1", full.token)).status).toBe(400);
  });
});

test("a narrowed key passes for its own resource, for “*”, and for no other", async () => {
  const { token } = await createTestKey(owner, { resource: "event:1" });
  const ask = (resource: string) => outcome(`?scope=events.read${resource}`, token);
  expect([await ask("&resource=event:1"), await ask("&resource=event%3A1"), await ask("&resource=*")]).toEqual([
    200, 200, 200,
  ]);
  expect([await ask("&resource=event:2"), await ask("")]).toEqual(["wrong_resource", "wrong_resource"]);
});
