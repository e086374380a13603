import { beforeAll, describe, expect, test } from "vitest";
import { createTestKey, createTestMember, createTestTeam, type TestTeam } from "@/lib/testing/fixtures";
import { bearer, type Call, testVerifier } from "../testing/running-verifier.ts";
import { IDENTITY_HEADERS } from "./forward-auth.ts";

const verifier = testVerifier();
let team: TestTeam;
let full: { id: string; token: string };

beforeAll(async () => {
  team = await createTestTeam();
  const owner = await createTestMember(team, { permissions: ["events.read", "events.write"] });
  full = await createTestKey(owner, { scopes: ["events.read", "events.write"] });
});

const identityIn = (headers: object) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith("x-latchkey-")));

describe("a CORS preflight", () => {
  const QUERY = "?read=events.read&write=events.write";
  const ALLOWING = `${QUERY}&preflight=allow`;
  const PREFLIGHT = {
    "x-forwarded-method": "OPTIONS",
    origin: "https://app.example.com",
    "access-control-request-method": "POST",
  };
  const send = (query: string, headers: Call["headers"]) => verifier.call(`/api/v1/forward-auth${query}`, { headers });

  test("passes without a token if the gateway asks for that, with empty identity headers", async () => {
    for (const query of [ALLOWING, "?preflight=allow", `?preflight=allow&scope=events.write&team=${team.slug}`]) {
      const answer = await send(query, PREFLIGHT);
      expect([answer.status, answer.body]).toEqual([200, ""]);
      expect(identityIn(answer.headers)).toEqual(Object.fromEntries(IDENTITY_HEADERS.map((name) => [name, ""])));
    }
    for (const origin of ["null", "http://localhost:5173"]) {
      expect((await send(ALLOWING, { ...PREFLIGHT, origin })).status).toBe(200);
    }
  });

  test("with a token isn't a preflight, because browsers send none: the token decides", async () => {
    const { status, headers } = await send(ALLOWING, { ...PREFLIGHT, ...bearer(full.token) });
    expect([status, headers["x-latchkey-key-id"]]).toEqual([200, full.id]);
    expect((await send(ALLOWING, { ...PREFLIGHT, ...bearer("garbage") })).status).toBe(401);
    expect((await send(ALLOWING, { ...PREFLIGHT, authorization: "" })).status).toBe(200);
  });

  test("is refused where the gateway doesn't ask for that", async () => {
    expect((await send(QUERY, PREFLIGHT)).status).toBe(401);
  });

  test.each<[string, Record<string, string | string[] | undefined>]>([
    ["without an Origin", { origin: undefined }],
    ["with an empty Origin", { origin: "" }],
    ["with an Origin that is none", { origin: "app.example.com" }],
    ["with two Origins", { origin: ["https://app.example.com", "https://evil.example.com"] }],
    ["without the method that is to follow", { "access-control-request-method": undefined }],
    ["with an empty method to follow", { "access-control-request-method": "" }],
    ["with two methods to follow", { "access-control-request-method": ["GET", "POST"] }],
    ["of another method", { "x-forwarded-method": "GET" }],
    ["of another method, as the other header says", { "x-original-method": "DELETE" }],
    ["of two methods", { "x-forwarded-method": ["OPTIONS", "POST"] }],
    ["of a method in other case", { "x-forwarded-method": "options" }],
    ["of a method that no gateway has named", { "x-forwarded-method": undefined }],
    ["that only claims its method", { "x-forwarded-method": "POST", "x-http-method-override": "OPTIONS" }],
  ])("is none %s", async (_, changes) => {
    const headers = Object.fromEntries(
      Object.entries({ ...PREFLIGHT, ...changes }).filter(([, value]) => value !== undefined),
    );
    const answer = await verifier.call(`/api/v1/forward-auth${ALLOWING}`, { headers, method: "OPTIONS" });
    expect([answer.status, identityIn(answer.headers)]).toEqual([401, {}]);
  });

  test.each(["preflight=", "preflight=deny", "preflight=allow&preflight=allow", "preflight=ALLOW"])(
    "gets 400 for “%s”",
    async (parameter) => {
      expect((await send(`${QUERY}&${parameter}`, PREFLIGHT)).status).toBe(400);
    },
  );
});
