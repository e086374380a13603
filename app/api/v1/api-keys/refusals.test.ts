import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { generateToken, newSecret } from "@/lib/api-keys/token";
import { auditEntries, createTestKey, createTestMember, createTestTeam, inDays } from "@/lib/testing/fixtures";
import { restRequest, signedIn } from "@/lib/testing/rest-requests";
import * as sessionToken from "../session-token/route";
import * as rotation from "./[id]/rotate/route";
import * as key from "./[id]/route";
import * as keys from "./route";

type Headers = Record<string, string>;
type Ask = (headers: Headers, id: string) => Promise<Response>;

const aKey = (id: string) => ({ params: Promise.resolve({ id }) });
const NEW_KEY = { scopes: ["events.read"] };

const list = (headers: Headers, query = "") =>
  keys.GET(restRequest("GET", `/api-keys${query}`, headers), { params: Promise.resolve(undefined) });

const create = (headers: Headers) =>
  keys.POST(restRequest("POST", "/api-keys", headers, NEW_KEY), { params: Promise.resolve(undefined) });

/** All requests about a single key. */
const ABOUT_A_KEY: Record<string, Ask> = {
  read: (headers, id) => key.GET(restRequest("GET", `/api-keys/${id}`, headers), aKey(id)),
  change: (headers, id) => key.PATCH(restRequest("PATCH", `/api-keys/${id}`, headers, { name: "x" }), aKey(id)),
  revoke: (headers, id) => key.DELETE(restRequest("DELETE", `/api-keys/${id}`, headers), aKey(id)),
  rotate: (headers, id) => rotation.POST(restRequest("POST", `/api-keys/${id}/rotate`, headers), aKey(id)),
};

const makeToken = (headers: Headers) => sessionToken.POST(restRequest("POST", "/session-token", headers));

const MANAGING: Record<string, Ask> = { list: (headers) => list(headers), create, ...ABOUT_A_KEY, makeToken };

const codeOf = async (answer: Promise<Response>) => {
  const response = await answer;
  return [response.status, (await response.json()).code];
};

describe("an API key manages no keys", () => {
  const basic = (id: string, token: string) => `Basic ${Buffer.from(`${id}:${token}`).toString("base64")}`;

  test.each(Object.entries(MANAGING))("%s: alive or not, however it is sent, beside a valid cookie", async (_, ask) => {
    const { actor, cookie } = await signedIn();
    const live = await createTestKey(actor, { kind: "team", scopes: ["keys.verify"] });
    const own = await createTestKey(actor);
    const dead = await createTestKey(actor, { revokedAt: inDays(-1) });
    const shown = [live, own, dead, generateToken("personal")].map(({ token }) => `Bearer ${token}`);
    for (const authorization of [...shown, basic(live.id, live.token), basic(own.token, "")]) {
      for (const headers of [{ authorization }, { authorization, ...cookie }]) {
        const answer = await ask(headers, live.id);
        expect([answer.status, (await answer.json()).code]).toEqual([403, "api_key_not_allowed"]);
        expect(answer.headers.get("www-authenticate")).toContain('error="insufficient_scope"');
      }
    }
    const { data } = await (await list(cookie)).json();
    expect(data).toHaveLength(3);
    expect(data).toContainEqual(expect.objectContaining({ id: live.id, status: "active", replaced_by: null }));
  });
});

describe("a session token", () => {
  test("makes no other, not even beside the cookie of its session, which does", async () => {
    const { actor, bearer, cookie } = await signedIn();
    const before = (await auditEntries(actor.teamId, "session_token.created")).length;
    expect((await list(bearer)).status).toBe(200);
    for (const headers of [bearer, { ...bearer, ...cookie }]) {
      expect(await codeOf(makeToken(headers))).toEqual([403, "session_token_not_allowed"]);
    }
    expect(await auditEntries(actor.teamId, "session_token.created")).toHaveLength(before);
    expect((await makeToken(cookie)).status).toBe(201);
  });

  test("that isn't one is no good, whatever cookie comes along", async () => {
    const { cookie } = await signedIn();
    const [unknown, dead] = ["something", newSecret("lk_ses_")].map((token) => ({ authorization: `Bearer ${token}` }));
    for (const answer of [list, create].map((ask) => ask({ ...dead, ...cookie }))) {
      expect(await codeOf(answer)).toEqual([401, "invalid_token"]);
    }
    for (const ask of [list, create, makeToken]) {
      expect(await codeOf(ask({ ...unknown, ...cookie }))).toEqual([401, "invalid_token"]);
      expect(await codeOf(ask({}))).toEqual([401, "unauthenticated"]);
    }
  });
});

test("a team that isn't one's own is as unknown as one that nobody has", async () => {
  const { bearer } = await signedIn();
  const other = await createTestTeam();
  for (const slug of [other.slug, "nobody-s"]) {
    for (const ask of [list, create]) {
      expect(await codeOf(ask({ ...bearer, "x-team": slug }))).toEqual([404, "not_found"]);
    }
  }
});

test("what the list doesn't know, or is told twice, is refused with 422 by its name, and nothing is listed", async () => {
  const { bearer } = await signedIn();
  for (const [query, ...errors] of [
    ["?staus=revoked", { parameter: "staus", detail: "This parameter doesn't exist." }],
    ["?limit=5&sort=name", { parameter: "sort", detail: "This parameter doesn't exist." }],
    ["?status=active&status=revoked", { parameter: "status", detail: "Send this parameter once." }],
  ] as const) {
    const answer = await list(bearer, query);
    expect(answer.status).toBe(422);
    const body = await answer.json();
    expect(body).toMatchObject({ success: false, code: "invalid", errors });
    expect(body).not.toHaveProperty("data");
  }
});

describe("a key out of reach is answered 404, in the words for an id that nothing has", () => {
  test.each(Object.entries(ABOUT_A_KEY))("%s", async (_, ask) => {
    const team = await createTestTeam();
    const { actor, bearer } = await signedIn({ role: "Developer" }, team);
    const stranger = await createTestMember(await createTestTeam());
    const outOfReach = [
      await createTestKey(actor, { kind: "team" }),
      await createTestKey(await createTestMember(team)),
      await createTestKey(stranger),
      await createTestKey(stranger, { kind: "team" }),
    ];
    const told = async (id: string) => {
      const answer = await ask(bearer, id);
      return [answer.status, { ...(await answer.json()), instance: "" }];
    };
    const unknown = await told(randomUUID());
    expect(unknown).toMatchObject([404, { code: "not_found" }]);
    for (const { id } of outOfReach) expect(await told(id)).toEqual(unknown);
  });
});
