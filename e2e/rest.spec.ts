import { generateToken, newSecret } from "@/lib/api-keys/token";
import { answerSchemas } from "@/lib/openapi/components";
import { tablesContaining } from "@/lib/testing/database-search";
import { createTestKey, createTestKeys, createTestTeam, DAY_MS, inDays } from "@/lib/testing/fixtures";
import { auditOf, BASE_URL, callApi, cookieHeader, countKeys, expect, signIn, sql, test } from "./fixtures";
import { type RestKey, restOf, restWith } from "./rest-client";

const READ = { scopes: ["events.read"] };
const nobody = restWith({});

test("a program manages keys with a session token, from creating to revoking", async ({ context, developer, team }) => {
  const rest = await restOf(context, developer);
  const made = await rest("POST", "/api-keys", { body: { name: "Zapier production", ...READ, expires_in: "1m" } });
  expect(made.status).toBe(201);
  expect(answerSchemas.MadeApiKeyAnswer.parse(JSON.parse(made.text)).data).toEqual(made.data);
  expect(made.data).toMatchObject({ name: "Zapier production", kind: "personal", status: "active", ...READ });
  expect(made.headers.get("location")).toBe(`/api/v1/api-keys/${made.data.id}`);
  const token = made.data.token as string;
  expect((await callApi(token, "/api/v1/me")).status).toBe(200);

  const path = `/api-keys/${made.data.id}`;
  const seen = await rest("GET", path);
  expect(answerSchemas.ApiKeyAnswer.parse(JSON.parse(seen.text)).data).toEqual(seen.data);
  const changed = await rest("PATCH", path, {
    body: { name: "Zapier staging", expires_at: inDays(3).toISOString(), allowed_ips: ["203.0.113.7"] },
  });
  expect(changed.data).toMatchObject({ name: "Zapier staging", allowed_ips: ["203.0.113.7/32"] });
  expect((await callApi(token, "/api/v1/me")).body.code).toBe("ip_not_allowed");
  expect((await rest("PATCH", path, { body: { allowed_ips: [] } })).data.allowed_ips).toEqual([]);

  const revoked = await rest("DELETE", path);
  expect(revoked.data.status).toBe("revoked");
  expect((await callApi(token, "/api/v1/me")).status).toBe(401);
  expect((await rest("DELETE", path)).data).toEqual(revoked.data);
  expect((await rest("PATCH", path, { body: { name: "x" } })).code).toBe("conflict");
  expect((await rest("GET", path)).data).toEqual(revoked.data);
  for (const action of ["created", "renamed", "expiry_changed", "revoked"]) {
    expect(await auditOf(team, `api_key.${action}`), action).toHaveLength(1);
  }
});

test("a token is told once, and is kept nowhere", async ({ context, developer }) => {
  const rest = await restOf(context, developer);
  const made = await rest("POST", "/api-keys", { body: READ });
  const token = made.data.token as string;
  const secret = token.slice(12, 60);
  for (const path of ["/api-keys", `/api-keys/${made.data.id}`]) {
    expect((await rest("GET", path)).text).not.toContain(secret);
  }
  expect(await tablesContaining(secret)).toEqual([]);
  expect(await tablesContaining(rest.token.slice(10, 60))).toEqual([]);
});

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
  join,
  team,
}) => {
  const admin = await join("Admin");
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
  // Without an Origin, too: a Bearer token makes the cookie count for nothing.
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
  expect((await nobody("POST", "/api-keys", { body: READ })).status).toBe(401);

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

test("what is allowed follows the member's role at once", async ({ context, developer, join }) => {
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
  expect((await rest("GET", "/api-keys")).code).toBe("team_required");
});

test("another team's keys, members and name are not there", async ({ context, join, team }) => {
  const admin = await join("Admin");
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

test("paging walks all keys once, newest first, whatever happens meanwhile", async ({ context, join }) => {
  const admin = await join("Admin");
  const member = await join("Developer");
  const rest = await restOf(context, admin);
  // Many of one instant: the id decides.
  const times = [0, 1, 1, 1, 1, 2, 3].map((day) => new Date(Date.now() - DAY_MS - day * DAY_MS));
  const ids = [
    ...(await createTestKeys(
      admin.actor,
      times.map((createdAt) => ({ createdAt })),
    )),
    ...(await createTestKeys(
      admin.actor,
      times.map((createdAt) => ({ createdAt, kind: "team" as const })),
    )),
    ...(await createTestKeys(
      member.actor,
      times.map((createdAt) => ({ createdAt })),
    )),
  ];
  const walked: RestKey[] = [];
  let cursor: string | null | undefined;
  do {
    const page = await rest<RestKey[]>("GET", `/api-keys?limit=4${cursor ? `&cursor=${cursor}` : ""}`);
    expect(answerSchemas.ApiKeyList.safeParse(JSON.parse(page.text)).error).toBeUndefined();
    walked.push(...page.data);
    cursor = page.next_cursor;
    await createTestKey(admin.actor);
  } while (cursor);
  expect(walked.map(({ id }) => id).sort()).toEqual(ids.sort());
  const order = walked.map(({ created_at, id }) => `${created_at} ${id}`);
  expect(order).toEqual([...order].sort().reverse());
});

test("the list is narrowed by owner, kind, status and search", async ({ context, join }) => {
  const admin = await join("Admin");
  const member = await join("Developer");
  const rest = await restOf(context, admin);
  await createTestKey(admin.actor, { name: "mine" });
  await createTestKey(admin.actor, { name: "mine, revoked", revokedAt: new Date() });
  await createTestKey(admin.actor, { name: "ours", kind: "team", tokenLastFour: "c0de" });
  await createTestKey(admin.actor, { name: "ours, expired", kind: "team", expiresAt: inDays(-1) });
  await createTestKey(member.actor, { name: "theirs_100%" });
  const names = async (query: string) => {
    const { data } = await rest<RestKey[]>("GET", `/api-keys?${query}`);
    return data.map(({ name }) => name).sort();
  };
  expect(await names("")).toEqual(["mine", "mine, revoked", "ours", "ours, expired", "theirs_100%"]);
  expect(await names("owner=me")).toEqual(["mine", "mine, revoked"]);
  expect(await names(`owner=${member.actor.memberId}`)).toEqual(["theirs_100%"]);
  expect(await names("owner=me&kind=team")).toEqual([]);
  expect(await names("kind=team")).toEqual(["ours", "ours, expired"]);
  expect(await names("kind=personal&status=active")).toEqual(["mine", "theirs_100%"]);
  expect(await names("status=expired")).toEqual(["ours, expired"]);
  expect(await names("q=MINE&status=revoked")).toEqual(["mine, revoked"]);
  expect(await names("q=c0de")).toEqual(["ours"]);
  expect(await names("q=s_1")).toEqual(["theirs_100%"]);
  expect(await names("q=%25")).toEqual(["theirs_100%"]);
  expect(await names(`q=${encodeURIComponent("' or true --")}`)).toEqual([]);
});

test("rotating tells the successor's token once; the old one works until its overlap ends", async ({
  context,
  developer,
}) => {
  const rest = await restOf(context, developer);
  const old = (await rest("POST", "/api-keys", { body: { name: "worker", preset: "read_only" } })).data;
  const rotated = await rest("POST", `/api-keys/${old.id}/rotate`, { body: { overlap: "1h" } });
  expect(rotated.status).toBe(201);
  expect(answerSchemas.RotatedApiKeyAnswer.safeParse(JSON.parse(rotated.text)).error).toBeUndefined();
  expect(rotated.data).toMatchObject({
    name: "worker",
    scopes: old.scopes,
    replaces: old.id,
    predecessor: { id: old.id, status: "active" },
    dropped_scopes: [],
  });
  for (const token of [old.token, rotated.data.token]) {
    expect((await callApi(token as string, "/api/v1/me")).status).toBe(200);
  }
  expect((await rest("POST", `/api-keys/${old.id}/rotate`)).code).toBe("conflict");
  const next = await rest("POST", `/api-keys/${rotated.data.id}/rotate`, { body: { overlap: "none" } });
  expect((await callApi(rotated.data.token as string, "/api/v1/me")).status).toBe(401);
  expect((await callApi(next.data.token as string, "/api/v1/me")).status).toBe(200);
});

test.describe("a request with an Idempotency-Key", () => {
  const named = (name: string) => ({ "idempotency-key": name });

  test("makes one key however often it is sent, and tells the token once", async ({ context, developer, team }) => {
    const rest = await restOf(context, developer);
    const send = () => rest("POST", "/api-keys", { body: READ, headers: named("first") });
    const made = await send();
    const again = await send();
    expect([made.status, again.status]).toEqual([201, 200]);
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    expect(made.headers.get("idempotency-replayed")).toBeNull();
    expect(again.data).toEqual({ ...made.data, token: null });
    expect(await countKeys(team)).toBe(1);
    expect(await auditOf(team, "api_key.created")).toHaveLength(1);
  });

  test("makes one key when it is sent ten times at once, and one successor", async ({ context, developer, team }) => {
    const rest = await restOf(context, developer);
    const atOnce = async (path: string, body: object) => {
      const send = () => rest("POST", path, { body, headers: named(path) });
      const answers = await Promise.all(Array.from({ length: 10 }, send));
      expect(answers.map(({ status }) => status).sort()).toEqual([...Array(9).fill(200), 201]);
      expect(new Set(answers.map(({ data }) => data.id)).size).toBe(1);
      expect(answers.filter(({ data }) => data.token)).toHaveLength(1);
      return answers[0]?.data.id;
    };
    const id = await atOnce("/api-keys", READ);
    expect(await countKeys(team)).toBe(1);
    await atOnce(`/api-keys/${id}/rotate`, { overlap: "1h" });
    expect(await countKeys(team)).toBe(2);
  });

  test("finds the key that took the last place in the quota", async ({ context, developer }) => {
    await createTestKeys(developer.actor, Array(9).fill({}));
    const rest = await restOf(context, developer);
    const send = () => rest("POST", "/api-keys", { body: READ, headers: named("last") });
    const answers = await Promise.all(Array.from({ length: 5 }, send));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 201]);
    expect((await rest("POST", "/api-keys", { body: READ, headers: named("too many") })).status).toBe(400);
    expect((await rest("POST", "/api-keys", { body: READ, headers: named("too-many") })).code).toBe("limit_reached");
  });

  test("is refused when it asks for something else by the same name", async ({ context, developer, team }) => {
    const rest = await restOf(context, developer);
    const made = await rest("POST", "/api-keys", { body: READ, headers: named("same") });
    for (const [path, body] of [
      ["/api-keys", { ...READ, name: "other" }],
      [`/api-keys/${made.data.id}/rotate`, READ],
      [`/api-keys/${made.data.id}/rotate`, {}],
    ] as const) {
      const answer = await rest("POST", path, { body, headers: named("same") });
      expect(answer.status).toBe(422);
    }
    const reused = await rest("POST", "/api-keys", { body: { preset: "read_only" }, headers: named("same") });
    expect(reused.code).toBe("idempotency_key_reused");
    expect(await countKeys(team)).toBe(1);
  });

  test("counts for its member alone, for a day, and only when it was answered", async ({
    context,
    developer,
    join,
    team,
    browser,
  }) => {
    const rest = await restOf(context, developer);
    const colleague = await restOf(await browser.newContext(), await join("Developer"));
    const bad = await rest("POST", "/api-keys", { body: { scopes: ["no.such"] }, headers: named("x") });
    expect(bad.status).toBe(422);
    for (const each of [rest, colleague]) {
      expect((await each("POST", "/api-keys", { body: READ, headers: named("x") })).status).toBe(201);
    }
    await sql("update idempotency_keys set created_at = now() - interval '25 hours' where member_id = $1", [
      developer.actor.memberId,
    ]);
    expect((await rest("POST", "/api-keys", { body: READ, headers: named("x") })).status).toBe(201);
    expect((await rest("POST", "/api-keys", { body: READ, headers: named("x") })).status).toBe(200);
    expect(await countKeys(team)).toBe(3);
  });

  for (const name of ["", " ", "ä", "a b", "x".repeat(256)]) {
    test(`has a name of visible ASCII, which ${JSON.stringify(name.slice(0, 5))} is not`, async ({
      context,
      developer,
    }) => {
      const rest = await restOf(context, developer);
      const headers = named(Buffer.from(name).toString("latin1"));
      const answer = await rest("POST", "/api-keys", { body: READ, headers });
      expect([answer.status, answer.code]).toEqual([400, "invalid_idempotency_key"]);
    });
  }
});

test("bad input is named field by field, and makes nothing", async ({ context, developer, team }) => {
  const rest = await restOf(context, developer);
  const cases: [body: object, pointers: string[]][] = [
    [{}, ["/scopes"]],
    [{ ...READ, preset: "read_only" }, ["/scopes"]],
    [{ scopes: [] }, ["/scopes"]],
    [{ scopes: ["events.nope"] }, ["/scopes"]],
    [{ ...READ, kind: "other" }, ["/kind"]],
    [{ ...READ, name: "x".repeat(81) }, ["/name"]],
    [{ ...READ, name: "a\nb" }, ["/name"]],
    [{ ...READ, name: { contains: "x" } }, ["/name"]],
    [{ ...READ, expires_in: "3 days" }, ["/expires_in"]],
    [{ ...READ, expires_at: "2020-01-01T00:00:00Z" }, ["/expires_at"]],
    [{ ...READ, expires_in: "1m", expires_at: null }, ["/expires_at"]],
    [{ ...READ, allowed_ips: ["10.0.0.0/33"] }, ["/allowed_ips"]],
    [{ ...READ, resource: { type: "planet", id: "1" } }, ["/resource"]],
    [{ ...READ, resource: { type: "event", id: "1" } }, ["/resource"]],
    [{ ...READ, memberId: "x", token: "y" }, ["/memberId", "/token"]],
  ];
  for (const [body, pointers] of cases) {
    const answer = await rest("POST", "/api-keys", { body });
    expect(answer.status, JSON.stringify(body)).toBe(422);
    expect(
      answer.errors?.map(({ pointer }) => pointer),
      JSON.stringify(body),
    ).toEqual(pointers);
    expect(answerSchemas.Problem.safeParse(JSON.parse(answer.text)).error).toBeUndefined();
  }
  expect(await countKeys(team)).toBe(0);
  const { data: key } = await rest("POST", "/api-keys", { body: READ });
  expect((await rest("PATCH", `/api-keys/${key.id}`, { body: {} })).status).toBe(422);
  expect((await rest("PATCH", `/api-keys/${key.id}`, { body: { scopes: ["events.write"] } })).status).toBe(422);
  const half = { name: "half", expires_in: "1y", resource: { type: "planet", id: "1" } };
  expect((await rest("PATCH", `/api-keys/${key.id}`, { body: half })).errors).toMatchObject([{ pointer: "/resource" }]);
  expect((await rest("GET", `/api-keys/${key.id}`)).data).toMatchObject({ name: null, expires_at: key.expires_at });
  for (const query of ["limit=0", "limit=101", "limit=x", "cursor=x", "status=gone", "kind=x", "owner=x"]) {
    expect((await rest("GET", `/api-keys?${query}`)).status, query).toBe(422);
  }
});

test("what is no proper request gets the status that says so", async ({ context, developer }) => {
  const rest = await restOf(context, developer);
  const json = { "content-type": "application/json" };
  const status = async (...call: Parameters<typeof rest>) => {
    const answer = await rest(...call);
    expect(answer.headers.get("cache-control")).toContain("no-store");
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(answer.headers.get("x-request-id")).toBeTruthy();
    return [answer.status, answer.code];
  };
  expect(await status("PUT", "/api-keys")).toEqual([405, "method_not_allowed"]);
  expect(await status("GET", "/session-token")).toEqual([405, "method_not_allowed"]);
  expect(await status("POST", "/api-keys", { body: "{", headers: json })).toEqual([400, "invalid_json"]);
  expect(await status("POST", "/api-keys", { body: "x=1", headers: { "content-type": "text/plain" } })).toEqual([
    415,
    "unsupported_media_type",
  ]);
  expect(await status("POST", "/api-keys", { body: { name: "x".repeat(70_000) } })).toEqual([413, "body_too_large"]);
  expect(await status("GET", "/api-keys/1/2/3")).toEqual([404, "not_found"]);
  const made = await rest("POST", "/api-keys", { body: READ });
  expect(made.headers.get("cache-control")).toContain("no-store");
  expect(made.headers.get("x-request-id")).toBeTruthy();
});
