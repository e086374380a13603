import { generateToken, newSecret } from "@/lib/api-keys/token";
import { createTestKey, createTestTeam } from "@/lib/testing/fixtures";
import { auditOf, BASE_URL, cookieHeader, countKeys, expect, signIn, sql, test } from "./fixtures";
import { READ, type RestKey, restOf, restWith } from "./rest-client";

test("a browser that is signed in manages keys from our own origin", async ({ context, developer, team }) => {
  await signIn(context, developer);
  const cookie = (await cookieHeader(context))[1];
  const rest = restWith({ cookie });
  expect((await rest("GET", "/api-keys")).status).toBe(200);
  const own: Record<string, string>[] = [
    { origin: BASE_URL },
    { "sec-fetch-site": "same-origin" },
    { origin: BASE_URL, "sec-fetch-site": "same-origin" },
  ];
  for (const headers of own) expect((await rest("POST", "/api-keys", { body: READ, headers })).status).toBe(201);
  expect(await countKeys(team)).toBe(own.length);
});

test("what another site makes a browser send changes nothing", async ({ context, developer, team }) => {
  await signIn(context, developer);
  const { id } = await createTestKey(developer.actor);
  const rest = restWith({ cookie: (await cookieHeader(context))[1] });
  const foreign: Record<string, string>[] = [
    {},
    { origin: "https://evil.example" },
    { origin: "null" },
    { origin: `${BASE_URL}.evil.example` },
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "cross-site", origin: BASE_URL },
    { "sec-fetch-site": "same-site", origin: BASE_URL },
    { "sec-fetch-site": "same-origin", origin: "https://evil.example" },
    { authorization: "Basic YWRtaW46c2VjcmV0", "sec-fetch-site": "cross-site" },
  ];
  for (const headers of foreign) {
    const attempts = [
      rest("POST", "/api-keys", { body: READ, headers }),
      rest("PATCH", `/api-keys/${id}`, { body: { name: "stolen" }, headers }),
      rest("DELETE", `/api-keys/${id}`, { headers }),
      rest("POST", `/api-keys/${id}/rotate`, { headers }),
      rest("POST", "/session-token", { headers }),
    ];
    for (const answer of await Promise.all(attempts)) {
      expect([answer.status, answer.code], JSON.stringify(headers)).toEqual([403, "cross_site_request"]);
    }
  }
  expect(await countKeys(team)).toBe(1);
  expect(await auditOf(team, "session_token.created")).toEqual([]);
});

test("an API key manages no keys, alive or not, however it is sent, and beside a valid cookie", async ({
  context,
  admin,
  team,
}) => {
  await signIn(context, admin);
  const live = await createTestKey(admin.actor, { kind: "team", scopes: ["events.read", "keys.verify"] });
  const cookie = (await cookieHeader(context))[1];
  const basic = `Basic ${Buffer.from(`${live.id}:${live.token}`).toString("base64")}`;
  const shown = [`Bearer ${live.token}`, `Bearer ${generateToken("personal").token}`, "Bearer lk_pat_1", basic];
  for (const authorization of shown) {
    const beside = restWith({ authorization, cookie, origin: BASE_URL });
    const attempts = [
      restWith({ authorization })("POST", "/api-keys", { body: READ }),
      beside("GET", "/api-keys"),
      beside("POST", "/api-keys", { body: READ }),
      beside("GET", `/api-keys/${live.id}`),
      beside("PATCH", `/api-keys/${live.id}`, { body: { name: "x" } }),
      beside("DELETE", `/api-keys/${live.id}`),
      beside("POST", `/api-keys/${live.id}/rotate`),
      beside("POST", "/session-token"),
    ];
    for (const answer of await Promise.all(attempts)) {
      expect([answer.status, answer.code]).toEqual([403, "api_key_not_allowed"]);
      expect(answer.headers.get("www-authenticate")).toContain('error="insufficient_scope"');
    }
  }
  // Even without an Origin: with a Bearer token, the cookie is ignored.
  const beside = restWith({ authorization: `Bearer ${live.token}`, cookie });
  expect((await beside("POST", "/api-keys", { body: READ })).code).toBe("api_key_not_allowed");
  expect(await countKeys(team)).toBe(1);
});

test("nobody gets in without a live session", async ({ context, developer }) => {
  const refused = async (headers: Record<string, string>) => {
    const { status, code, headers: answered } = await restWith(headers)("GET", "/api-keys");
    return [status, code, answered.get("www-authenticate")?.includes("error=") ?? null];
  };
  expect(await refused({})).toEqual([401, "unauthenticated", false]);
  expect(await refused({ cookie: "latchkey.session=forged" })).toEqual([401, "unauthenticated", false]);
  expect(await refused({ authorization: `Bearer ${newSecret("lk_ses_")}` })).toEqual([401, "invalid_token", true]);
  expect(await refused({ authorization: "Bearer something" })).toEqual([401, "invalid_token", true]);
  expect(await refused({ authorization: "Bearer" })).toEqual([400, "invalid_request", true]);
  expect((await restWith({})("POST", "/api-keys", { body: READ })).status).toBe(401);

  const rest = await restOf(context, developer);
  const two = `Bearer ${rest.token}, Bearer ${rest.token}`;
  expect(await refused({ authorization: two })).toEqual([400, "invalid_request", true]);
});

test("a session token makes no other, and ends with its session", async ({ context, developer }) => {
  const rest = await restOf(context, developer);
  expect((await rest("GET", "/api-keys")).status).toBe(200);
  expect((await rest("POST", "/session-token")).code).toBe("session_token_not_allowed");
  const beside = restWith({ authorization: `Bearer ${rest.token}`, cookie: (await cookieHeader(context))[1] });
  expect((await beside("POST", "/session-token", { headers: { origin: BASE_URL } })).status).toBe(403);

  await sql("update sessions set ended_at = now() where user_id = $1", [developer.actor.userId]);
  const after = await rest("GET", "/api-keys");
  expect([after.status, after.code]).toEqual([401, "invalid_token"]);
});

test("what is allowed follows the member's role at once", async ({ context, developer, join, team }) => {
  const rest = await restOf(context, developer);
  expect((await rest("POST", "/api-keys", { body: { ...READ, kind: "team" } })).status).toBe(403);
  expect((await rest("GET", "/api-keys?kind=team")).status).toBe(403);
  const beyond = await rest("POST", "/api-keys", { body: { scopes: ["keys.verify"] } });
  expect(beyond).toMatchObject({ status: 422, errors: [{ pointer: "/scopes" }] });

  const viewer = await join("Viewer");
  await sql("update members set role_id = (select role_id from members where id = $1) where id = $2", [
    viewer.actor.memberId,
    developer.actor.memberId,
  ]);
  expect((await rest("GET", "/api-keys")).status).toBe(403);
  expect((await rest("POST", "/api-keys", { body: READ })).status).toBe(403);
  await sql("update members set removed_at = now() where id = $1", [developer.actor.memberId]);
  const alone = await rest("GET", "/api-keys");
  expect([alone.status, alone.code]).toEqual([403, "no_team"]);
  expect((await rest("GET", "/api-keys", { headers: { "x-team": team.slug } })).code).toBe("no_team");
});

test("another team's keys, members and name are not there", async ({ context, join, team, admin }) => {
  const rest = await restOf(context, admin);
  const other = await createTestTeam();
  const stranger = await join("Admin", { team: other });
  const theirs = await createTestKey(stranger.actor, { kind: "team" });
  const unknown = "018f5b5e-0000-7000-8000-000000000000";
  for (const id of [theirs.id, unknown, "nonsense"]) {
    const attempts = [
      rest("GET", `/api-keys/${id}`),
      rest("PATCH", `/api-keys/${id}`, { body: { name: "x" } }),
      rest("DELETE", `/api-keys/${id}`),
      rest("POST", `/api-keys/${id}/rotate`),
    ];
    for (const { status, code } of await Promise.all(attempts)) expect([status, code]).toEqual([404, "not_found"]);
  }
  for (const owner of [stranger.actor.memberId, unknown]) {
    expect((await rest("GET", `/api-keys?owner=${owner}`)).status).toBe(404);
  }
  for (const slug of [other.slug, "no-such-team", ""]) {
    const answer = await rest("GET", "/api-keys", { headers: { "x-team": slug } });
    expect([answer.status, answer.code], slug).toEqual([404, "not_found"]);
  }
  expect((await rest("GET", "/api-keys", { headers: { "x-team": team.slug } })).status).toBe(200);
});

test("whoever has several teams names one", async ({ context, developer, join }) => {
  const other = await createTestTeam();
  const user = { id: developer.actor.userId, name: developer.name, email: developer.email };
  await join("Developer", { team: other, user });
  const rest = await restOf(context, developer);
  const unnamed = await rest("POST", "/api-keys", { body: READ });
  expect([unnamed.status, unnamed.code]).toEqual([400, "team_required"]);
  await rest("POST", "/api-keys", { body: READ, headers: { "x-team": other.slug } });
  expect(await countKeys(other)).toBe(1);
});

test("somebody else's personal key is seen and ended by who manages members, and by nobody else", async ({
  context,
  developer,
  join,
  browser,
}) => {
  const key = await createTestKey(developer.actor);
  const path = `/api-keys/${key.id}`;
  const colleague = await restOf(context, await join("Developer"));
  expect((await colleague("GET", path)).status).toBe(404);
  expect((await colleague("GET", `/api-keys?owner=${developer.actor.memberId}`)).status).toBe(403);
  expect((await colleague<RestKey[]>("GET", "/api-keys")).data).toEqual([]);

  const admin = await restOf(await browser.newContext(), await join("Admin"));
  expect((await admin<RestKey[]>("GET", `/api-keys?owner=${developer.actor.memberId}`)).data).toMatchObject([
    { id: key.id, owner: { type: "member", id: developer.actor.memberId, email: developer.email } },
  ]);
  expect((await admin("PATCH", path, { body: { name: "x" } })).status).toBe(404);
  expect((await admin("POST", `${path}/rotate`)).status).toBe(404);
  expect((await admin("DELETE", path)).data.status).toBe("revoked");
});
