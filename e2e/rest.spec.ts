import { answerSchemas } from "@/lib/openapi/components";
import { tablesContaining } from "@/lib/testing/database-search";
import { createTestKey, createTestKeys, DAY_MS, inDays } from "@/lib/testing/fixtures";
import { auditOf, callApi, countKeys, expect, test } from "./fixtures";
import { READ, type RestKey, restOf } from "./rest-client";

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

test("paging walks all keys once, newest first, whatever happens meanwhile", async ({ context, admin, developer }) => {
  const rest = await restOf(context, admin);
  // Several with the same time, so that the ID decides.
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
      developer.actor,
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

test("the list is narrowed by owner, kind, status and search", async ({ context, admin, developer }) => {
  const rest = await restOf(context, admin);
  await createTestKey(admin.actor, { name: "mine" });
  await createTestKey(admin.actor, { name: "mine, revoked", revokedAt: new Date() });
  await createTestKey(admin.actor, { name: "ours", kind: "team", tokenLastFour: "c0de" });
  await createTestKey(admin.actor, { name: "ours, expired", kind: "team", expiresAt: inDays(-1) });
  await createTestKey(developer.actor, { name: "theirs_100%" });
  const names = async (query: string) => {
    const { data } = await rest<RestKey[]>("GET", `/api-keys?${query}`);
    return data.map(({ name }) => name).sort();
  };
  expect(await names("")).toEqual(["mine", "mine, revoked", "ours", "ours, expired", "theirs_100%"]);
  expect(await names("owner=me")).toEqual(["mine", "mine, revoked"]);
  expect(await names(`owner=${developer.actor.memberId}`)).toEqual(["theirs_100%"]);
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

test("a narrower successor is made by naming the scopes that it keeps", async ({ context, developer }) => {
  const rest = await restOf(context, developer);
  const scopes = ["events.read", "events.write"];
  const { data: old } = await rest("POST", "/api-keys", { body: { scopes } });
  const path = `/api-keys/${old.id}/rotate`;
  expect((await rest("POST", path, { body: { scopes: ["reports.read"] } })).errors).toMatchObject([
    { pointer: "/scopes" },
  ]);
  const made = await rest("POST", path, { body: { scopes: ["events.read"] } });
  expect(made.data).toMatchObject({ scopes: ["events.read"], dropped_scopes: [], predecessor: { scopes } });
});

test("bad input is named field by field, and makes nothing", async ({ context, developer, team }) => {
  const rest = await restOf(context, developer);
  const cases: [body: object, pointers: string[]][] = [
    [{}, ["/scopes"]],
    [{ ...READ, preset: "read_only" }, ["/scopes"]],
    [{ scopes: [] }, ["/scopes"]],
    [{ scopes: ["events.read", "events.nope"] }, ["/scopes/1"]],
    [{ ...READ, kind: "other" }, ["/kind"]],
    [{ ...READ, name: "x".repeat(81) }, ["/name"]],
    [{ ...READ, name: "a\nb" }, ["/name"]],
    [{ ...READ, name: { contains: "x" } }, ["/name"]],
    [{ ...READ, expires_in: "3 days" }, ["/expires_in"]],
    [{ ...READ, expires_at: "2020-01-01T00:00:00Z" }, ["/expires_at"]],
    [{ ...READ, expires_in: "1m", expires_at: null }, ["/expires_at"]],
    [{ ...READ, allowed_ips: ["::1", "10.0.0.0/33", "x"] }, ["/allowed_ips/1", "/allowed_ips/2"]],
    [{ ...READ, resource: { type: "planet", id: "1" } }, ["/resource/type"]],
    [{ ...READ, resource: { type: "event", id: "1" } }, ["/resource/id"]],
    [
      { scopes: ["events.nope"], resource: { type: "event", id: "1" }, allowed_ips: ["x"], expires_in: "3 days" },
      ["/scopes/0", "/expires_in", "/resource/id", "/allowed_ips/0"],
    ],
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
  expect((await rest("PATCH", `/api-keys/${key.id}`, { body: { scopes: ["events.write"] } })).errors).toEqual([
    { pointer: "/scopes", detail: "Scopes can't be changed. Rotate the key with fewer scopes instead." },
  ]);
  const half = { name: "half", expires_in: "1y", resource: { type: "planet", id: "1" } };
  expect((await rest("PATCH", `/api-keys/${key.id}`, { body: half })).errors).toMatchObject([
    { pointer: "/resource/type" },
  ]);
  expect((await rest("GET", `/api-keys/${key.id}`)).data).toMatchObject({ name: null, expires_at: key.expires_at });
  for (const query of ["limit=0", "limit=101", "limit=x", "cursor=x", "status=gone", "kind=x", "owner=x"]) {
    const { status, errors } = await rest("GET", `/api-keys?${query}`);
    expect([status, errors?.map(({ parameter }) => parameter)], query).toEqual([422, [query.split("=")[0]]]);
  }
  // A misspelled filter must not return everything.
  expect((await rest("GET", "/api-keys?staus=revoked")).errors).toMatchObject([{ parameter: "staus" }]);
  expect((await rest("GET", "/api-keys?access_token=x&token=x")).status).toBe(200);
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
