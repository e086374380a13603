import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { insights } from "@/lib/calls/insights";
import { recordedRefusals } from "@/lib/calls/recorded-refusals";
import { usage } from "@/lib/calls/usage";
import { db } from "@/lib/database/db";
import { apiRoute } from "@/lib/http/routes";
import { createTestKey } from "@/lib/testing/fixtures";
import { requireScope } from "@/lib/verification/require-scope";
import { basic, bearer, testVerifier } from "./testing/running-verifier.ts";
import { createVerifyingTeam, type VerifyingTeam } from "./testing/verifying-team.ts";

const verifier = testVerifier();
let ours: VerifyingTeam;
let others: VerifyingTeam;
beforeAll(async () => {
  [ours, others] = [await createVerifyingTeam(), await createVerifyingTeam()];
});

const IP = "198.51.100.7";
const MISSING = "events.write";

interface Presented {
  id: string;
  token: string;
  requestId: string;
}

type Present = (presented: Presented) => Promise<unknown>;
type Headers = Record<string, string>;

/** A question in which the token's holder speaks for themselves. */
const call =
  (path: string, scheme: (presented: Presented) => Headers, method = "GET"): Present =>
  (presented) => {
    const headers = { ...scheme(presented), "x-request-id": presented.requestId, "user-agent": "curl/8" };
    return verifier.call(path, { method, headers, ip: IP });
  };

const asBearer = ({ token }: Presented) => bearer(token);
const asBasic = ({ id, token }: Presented) => basic(id, token);

/** An API handler of the console. */
const handle =
  (scope: string): Present =>
  ({ token, requestId }) => {
    const handler = apiRoute(async (request) => (await requireScope(request, scope)).key.id);
    const context = { "x-latchkey-client-ip": IP, "x-request-id": requestId, "user-agent": "curl/8" };
    return handler(new Request("http://localhost/", { headers: { ...bearer(token), ...context } }));
  };

/** A question of the team's about a token that somebody presented to it. */
const asked = {
  verify:
    (question: object): Present =>
    ({ token, requestId }) =>
      verifier.postJson("/api/v1/verify", { token, ip: IP, ...question }, askedBy(ours, requestId)),
  verifyMany:
    (question: object): Present =>
    ({ token, requestId }) =>
      verifier.postJson(
        "/api/v1/verify",
        { tokens: ["garbage", token], ip: IP, ...question },
        askedBy(ours, requestId),
      ),
  introspect: ({ token, requestId }: Presented) =>
    verifier.postForm("/api/v1/introspect", { token, ip: IP }, askedBy(ours, requestId)),
};

const askedBy = ({ asBearer: headers }: VerifyingTeam, requestId: string) => ({
  headers: { ...headers, "x-request-id": requestId },
});

async function present(present: Present, key: { id: string; token: string }): Promise<string> {
  const requestId = randomUUID();
  await present({ ...key, requestId });
  await recordedRefusals.flush();
  await usage.flush();
  await insights.flush();
  return requestId;
}

const refusalsIn = (requestId: string) =>
  db.apiKeyRefusal.findMany({ where: { requestId }, omit: { id: true, at: true } });
const scopesUsed = async (keyId: string) =>
  (await db.apiKeyScopeUse.findMany({ where: { keyId } })).map(({ scope }) => scope).sort();

describe("a request's id leads to the key that was refused and why, at", () => {
  test.each<[string, string, Present, string | null]>([
    ["me", "me", call("/api/v1/me", asBearer), "curl/8"],
    ["forward-auth", "forward-auth", call("/api/v1/forward-auth?scope=events.read", asBearer), "curl/8"],
    ["verify, as the one who asks", "verify", call("/api/v1/verify", asBearer, "POST"), "curl/8"],
    ["introspect, as the one who asks", "introspect", call("/api/v1/introspect", asBasic, "POST"), "curl/8"],
    ["verify", "verify", asked.verify({}), null],
    ["verify with others", "verify", asked.verifyMany({}), null],
    ["introspect", "introspect", asked.introspect, null],
    ["a handler", "handler", handle("events.read"), "curl/8"],
  ])("%s", async (_, endpoint, how, userAgent) => {
    const key = await createTestKey(ours.owner, { revokedAt: new Date() });
    const refusal = {
      keyId: key.id,
      requestId: expect.any(String),
      code: "revoked",
      endpoint,
      ip: IP,
      userAgent,
      missing: [],
    };
    expect(await refusalsIn(await present(how, key))).toEqual([refusal]);
  });

  test.each<[string, Present]>([
    ["forward-auth", call(`/api/v1/forward-auth?scope=events.read,${MISSING}`, asBearer)],
    ["forward-auth by method", call(`/api/v1/forward-auth?write=${MISSING}&read=events.read`, asBearer)],
    ["verify", asked.verify({ scopes: ["events.read", MISSING] })],
    ["a handler", handle(MISSING)],
  ])("%s, with the scope that was missing", async (_, how) => {
    const key = await createTestKey(ours.owner, { scopes: ["events.read"] });
    const found = await refusalsIn(await present(how, key));
    expect(found).toMatchObject([{ keyId: key.id, code: "insufficient_scope", missing: [MISSING] }]);
  });
});

test("another team's request about a key is not recorded for the key", async () => {
  const key = await createTestKey(others.owner, { revokedAt: new Date() });
  for (const how of [asked.verify({}), asked.verifyMany({}), asked.introspect]) {
    expect(await refusalsIn(await present(how, key))).toEqual([]);
  }
});

test("a token with another key's id is recorded for neither", async () => {
  const [key, other] = [await createTestKey(ours.owner, { revokedAt: new Date() }), await createTestKey(ours.owner)];
  const how = call("/api/v1/introspect", ({ token }) => basic(other.id, token), "POST");
  expect(await refusalsIn(await present(how, key))).toEqual([]);
});

describe("the scopes that a key is used for are those asked for at", () => {
  test.each<[string, Present, string[]]>([
    ["me, which asks for none", call("/api/v1/me", asBearer), []],
    [
      "forward-auth",
      call("/api/v1/forward-auth?scope=events.read+events.write", asBearer),
      ["events.read", "events.write"],
    ],
    [
      "forward-auth by method",
      call("/api/v1/forward-auth?write=events.write&read=events.read", asBearer),
      ["events.write"],
    ],
    ["verify", asked.verify({ scopes: ["events.read"] }), ["events.read"]],
    ["verify by method alone, which is none in particular", asked.verify({ method: "GET" }), []],
    ["verify with others", asked.verifyMany({ scopes: ["events.write"] }), ["events.write"]],
    ["introspect, which asks for none", asked.introspect, []],
    ["a handler", handle("events.read"), ["events.read"]],
  ])("%s", async (_, how, scopes) => {
    const key = await createTestKey(ours.owner, { scopes: ["events.read", "events.write"] });
    const requestId = await present(how, key);
    expect(await scopesUsed(key.id)).toEqual(scopes);
    expect(await db.apiKeyAddress.findMany({ where: { keyId: key.id } })).toMatchObject([{ ip: IP, calls: 1n }]);
    expect(await refusalsIn(requestId)).toEqual([]);
  });

  test("verify and introspect themselves, for the key that asks", async () => {
    const { id } = ours.caller;
    await present(asked.introspect, await createTestKey(ours.owner));
    expect(await scopesUsed(id)).toEqual(["keys.verify"]);
  });
});
