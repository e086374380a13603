import { beforeAll, describe, expect, test } from "vitest";
import { hashToken } from "@/lib/api-keys/token";
import { apiRoute } from "@/lib/http/routes";
import { scopeCatalog } from "@/lib/permissions/catalog";
import { createTestKey, createTestMember, createTestTeam, type TestTeam } from "@/lib/testing/fixtures";
import { type Decision, type DecisionRequest, decide } from "@/lib/verification/decide";
import { requireScope } from "@/lib/verification/require-scope";
import { KEY_CASES, type Question, stateOf } from "./testing/key-states.ts";
import { basic, bearer, type CallAnswer, jsonOf, testVerifier } from "./testing/running-verifier.ts";

const verifier = testVerifier();

let team: TestTeam;
let otherTeam: TestTeam;
let caller: { id: string; token: string };

beforeAll(async () => {
  [team, otherTeam] = [await createTestTeam(), await createTestTeam()];
  caller = await createTestKey(await createTestMember(team), { kind: "team", scopes: ["keys.verify"] });
});

/** A response, reduced to what all endpoints have in common. */
type Outcome = [status: number, code: string];
type Ask = (token: string, question: Question) => Promise<Outcome>;

const outcomeOf = ({ status, body }: CallAnswer): Outcome => [status, status === 200 ? "valid" : JSON.parse(body).code];

/** What a decision is to the one who presents the token (RFC 6750). */
function presentersOutcome({ code }: Decision): Outcome {
  if (code === "valid") return [200, "valid"];
  if (code === "not_found" || code === "revoked" || code === "expired" || code === "owner_inactive") {
    return [401, "invalid_token"];
  }
  return [403, code];
}

const query = (parameters: Record<string, string | undefined>) =>
  new URLSearchParams(Object.entries(parameters).filter((pair): pair is [string, string] => pair[1] !== undefined));

/** How a token is presented in the header, and what becomes of it where that isn't how one is presented. */
const presentations: { name: string; present(token: string): object; query?: boolean; refused?: Outcome }[] = [
  { name: "as Bearer", present: bearer },
  { name: "in lower case", present: (token) => ({ authorization: `bearer ${token}` }) },
  { name: "beside one in the query", present: bearer, query: true },
  {
    name: "twice",
    present: (token) => ({ authorization: [`Bearer ${token}`, `Bearer ${token}`] }),
    refused: [400, "invalid_request"],
  },
  { name: "in the query alone", present: () => ({}), query: true, refused: [401, "unauthenticated"] },
];

/** Endpoints to which the holder presents the token. */
const presenterEndpoints = {
  me: {
    asks: ({ ip }: Question): DecisionRequest => ({ ip: ip ?? null }),
    ask: (path: string, headers: object, { ip }: Question) =>
      verifier.call(`/api/v1/me?${path}`, { headers: { ...headers }, ip }),
  },
  "forward-auth by scope": {
    asks: ({ scope, resource, ip }: Question): DecisionRequest => ({ scopes: [scope], resource, ip: ip ?? null }),
    ask: (path: string, headers: object, { scope, resource, ip }: Question) =>
      verifier.call(`/api/v1/forward-auth?${query({ scope, resource })}&${path}`, { headers: { ...headers }, ip }),
  },
  "forward-auth by method": {
    asks: ({ scope, resource, ip }: Question): DecisionRequest => ({ scopes: [scope], resource, ip: ip ?? null }),
    ask: (path: string, headers: object, { scope, resource, ip }: Question) =>
      verifier.call(`/api/v1/forward-auth?${query({ read: scope, write: "reports.write", resource })}&${path}`, {
        headers: { ...headers, "x-forwarded-method": "GET" },
        ip,
      }),
  },
  "a handler": {
    asks: ({ scope, resource, ip }: Question): DecisionRequest => ({ scopes: [scope], resource, ip: ip ?? null }),
    async ask(path: string, headers: { authorization?: string | string[] }, { scope, resource, ip }: Question) {
      const handler = apiRoute(async (request) => (await requireScope(request, scope, { resource })).key.id);
      const request = new Request(`http://localhost/?${path}`, ip ? { headers: { "x-latchkey-client-ip": ip } } : {});
      for (const value of [headers.authorization ?? []].flat()) request.headers.append("authorization", value);
      const response = await handler(request);
      return { status: response.status, headers: {}, body: await response.text() };
    },
  },
};

/** How a caller authenticates that asks about a token. */
const callers: [string, () => object][] = [
  ["Bearer", () => bearer(caller.token)],
  ["lower-case bearer", () => ({ authorization: `bearer ${caller.token}` })],
  ["Basic", () => basic(caller.id, caller.token)],
  [
    "lower-case basic",
    () => ({ authorization: basic(caller.id, caller.token).authorization.replace("Basic", "basic") }),
  ],
];

const verifyBody = ({ scope, resource, ip }: Question) => ({ scopes: [scope], resource, ip });

const askers: Record<string, (headers: object) => Ask> = {
  verify: (headers) => async (token, question) => {
    const answer = await verifier.postJson(
      "/api/v1/verify",
      { token, ...verifyBody(question) },
      { headers: { ...headers } },
    );
    return [answer.status, jsonOf(answer).data.code];
  },
  "verify with others": (headers) => async (token, question) => {
    const tokens = ["garbage", token, caller.token, token];
    const answer = await verifier.postJson(
      "/api/v1/verify",
      { tokens, ...verifyBody(question) },
      { headers: { ...headers } },
    );
    const [first, one, own, again] = jsonOf(answer).data;
    expect([first.code, own.key.id, again]).toEqual(["not_found", caller.id, one]);
    return [answer.status, one.code];
  },
};

/** As the database has the key, decided by the one pure function; to others than its team it isn't there. */
async function decisionAbout(token: string, request: DecisionRequest, askedBy?: TestTeam): Promise<Decision> {
  const state = await stateOf(hashToken(token));
  const isHidden = askedBy !== undefined && state?.teamId !== askedBy.id;
  return decide(isHidden ? null : state, request, scopeCatalog(), new Date());
}

describe.each(KEY_CASES)("$name", ({ code, create, question: asked }) => {
  let token: string;
  const question: Question = { scope: "events.read", ip: "203.0.113.9", ...asked };
  const request = presenterEndpoints["a handler"].asks(question);

  beforeAll(async () => {
    token = await create(team, otherTeam);
  });

  test(`is ${code}`, async () => {
    expect((await decisionAbout(token, request)).code).toBe(code);
  });

  test("gets the same decision at every endpoint its holder presents it to, however it is presented", async () => {
    for (const [name, { asks, ask }] of Object.entries(presenterEndpoints)) {
      const expected = presentersOutcome(await decisionAbout(token, asks(question)));
      for (const { name: how, present, query: inQuery, refused } of presentations) {
        // Forward-auth answers gateways, which take a 400 for a failure of ours.
        const status = refused && name.startsWith("forward-auth") ? 401 : refused?.[0];
        const path = inQuery ? `access_token=${token}&token=${token}` : "";
        const outcome = outcomeOf(await ask(path, present(token), question));
        expect(outcome, `${name}, ${how}`).toEqual(refused ? [status, refused[1]] : expected);
      }
    }
  });

  test("gets the same decision for every caller of its team that asks about it, however the caller authenticates", async () => {
    const expected = await decisionAbout(token, request, team);
    for (const [name, asker] of Object.entries(askers)) {
      for (const [how, headers] of callers) {
        expect(await asker(headers())(token, question), `${name} as ${how}`).toEqual([200, expected.code]);
      }
    }
  });

  test("is active for introspection exactly if it is valid without further requirements", async () => {
    const expected = await decisionAbout(token, { ip: question.ip ?? null }, team);
    const form = query({ token, ip: question.ip, token_type_hint: "access_token" }).toString();
    for (const [how, headers] of callers) {
      const answer = await verifier.postForm("/api/v1/introspect", form, { headers: { ...headers() } });
      expect(answer.status).toBe(200);
      if (expected.code !== "valid") expect(answer.body, how).toBe('{"active":false}');
      else expect(jsonOf(answer), how).toMatchObject({ active: true, scope: expected.scopes.join(" ") });
    }
  });
});
