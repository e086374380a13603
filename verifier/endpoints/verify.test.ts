import { beforeAll, describe, expect, test } from "vitest";
import { generateToken } from "@/lib/api-keys/token";
import { db } from "@/lib/database/db";
import { createTestKey, inDays } from "@/lib/testing/fixtures";
import { ownerDb } from "@/lib/testing/owner-database";
import { bearer, jsonOf, testVerifier } from "../testing/running-verifier.ts";
import { createVerifyingTeam, type VerifyingTeam } from "../testing/verifying-team.ts";

const verifier = testVerifier();
let ours: VerifyingTeam;
let theirs: VerifyingTeam;
beforeAll(async () => {
  [ours, theirs] = [await createVerifyingTeam(), await createVerifyingTeam()];
});

const ask = (body: unknown, headers: object = ours.asBearer) =>
  verifier.postJson("/api/v1/verify", body, { headers: { ...headers } });

async function verify(body: unknown) {
  const answer = await ask(body);
  expect(answer.status, answer.body).toBe(200);
  return jsonOf(answer).data;
}

describe("a key of the team", () => {
  test("is described with its data and effective scopes", async () => {
    const expiresAt = inDays(3);
    const { id, token } = await createTestKey(ours.owner, { scopes: ["events.read", "reports.read"], expiresAt });
    const answer = await ask({ token, scopes: ["events.read"] });
    expect(jsonOf(answer)).toEqual({
      success: true,
      data: {
        valid: true,
        code: "valid",
        key: expect.objectContaining({ id, kind: "personal", scopes: ["events.read", "reports.read"] }),
        team: expect.objectContaining({ id: ours.team.id, slug: ours.team.slug }),
        member: expect.objectContaining({ id: ours.owner.memberId }),
        scopes: ["events.read"],
        expires_at: expiresAt.toISOString(),
      },
    });
  });

  test("that is refused gets the reason, the key, and only effective scopes", async () => {
    const { id, token } = await createTestKey(ours.owner, { revokedAt: new Date() });
    expect(await verify({ token })).toMatchObject({ valid: false, code: "revoked", key: { id }, scopes: [] });
  });

  test("that lacks scopes gets the missing ones", async () => {
    const { token } = await createTestKey(ours.owner, { scopes: ["events.read"] });
    const asked = { token, scopes: ["events.write", "events.read", "reports.read"] };
    expect(await verify(asked)).toMatchObject({
      valid: false,
      code: "insufficient_scope",
      scopes: ["events.read"],
      missing_scopes: ["events.write", "reports.read"],
    });
  });

  test("and whatever is called by more than ASCII is told whole", async () => {
    const { owner, team, asBearer } = await createVerifyingTeam();
    await db.user.update({ where: { id: owner.userId }, data: { name: "Zoë 🦊" } });
    await ownerDb.team.update({ where: { id: team.id }, data: { name: "Zürich — Новости" } });
    const { token } = await createTestKey(owner, { name: "ключ “1”", scopes: ["events.read"] });
    const told = { key: { name: "ключ “1”" }, team: { name: "Zürich — Новости" }, member: { name: "Zoë 🦊" } };
    const verdict = jsonOf(await ask({ token, scopes: ["übersicht.read"] }, asBearer)).data;
    expect(verdict).toMatchObject({ code: "insufficient_scope", missing_scopes: ["übersicht.read"], ...told });
    const me = await verifier.call("/api/v1/me", { headers: bearer(token) });
    expect(jsonOf(me).data).toMatchObject(told);
    // Of a key that is kept too.
    const again = await verifier.call("/api/v1/me", { headers: bearer(token) });
    expect(again.body).toBe(me.body);
  });

  test.each([
    ["GET", ["events.read"], "valid"],
    ["get", ["events.read"], "valid"],
    ["HEAD", ["events.read"], "valid"],
    ["POST", ["events.read"], "insufficient_scope"],
    ["post", ["events.read"], "insufficient_scope"],
    ["Delete", ["events.read"], "insufficient_scope"],
    ["PROPFIND", ["events.read"], "insufficient_scope"],
    ["POST", ["events.write"], "valid"],
    ["GET", ["events.write"], "insufficient_scope"],
  ])("asked for the method %s with %j is %s", async (method, scopes, code) => {
    const { token } = await createTestKey(ours.owner, { scopes });
    expect(await verify({ token, method })).toMatchObject({ code });
  });

  test("narrowed to a resource is asked for it as text or by type and id, and passes for no other", async () => {
    const { token } = await createTestKey(ours.owner, { resource: "event:a:b" });
    const codes = [];
    for (const resource of [
      "event:a:b",
      { type: "event", id: "a:b" },
      "event:a",
      { type: "event", id: "a" },
      undefined,
      "*",
    ]) {
      codes.push((await verify({ token, scopes: ["events.read"], resource })).code);
    }
    expect(codes).toEqual(["valid", "valid", "wrong_resource", "wrong_resource", "wrong_resource", "valid"]);
  });

  test("narrowed to addresses is checked against the given address, never the caller's", async () => {
    const { token } = await createTestKey(ours.owner, { allowedIps: ["192.0.2.0/24"] });
    const codes = [];
    for (const ip of ["192.0.2.7", "::ffff:192.0.2.7", "198.51.100.7", undefined]) {
      const body = { token, ip };
      const answer = await verifier.postJson("/api/v1/verify", body, { headers: ours.asBearer, ip: "192.0.2.7" });
      codes.push(jsonOf(answer).data.code);
    }
    expect(codes).toEqual(["valid", "valid", "ip_not_allowed", "ip_not_allowed"]);
  });
});

test("another team's key is indistinguishable from an unknown one, in body and headers", async () => {
  const foreign = [
    await createTestKey(theirs.owner, { scopes: ["events.read"] }),
    await createTestKey(theirs.owner, { revokedAt: new Date() }),
    await createTestKey(theirs.owner, { scopes: [] }),
    theirs.caller,
  ].map(({ token }) => token);
  const unknown = [generateToken("personal").token, "garbage"];
  const answers = [];
  for (const token of [...unknown, ...foreign]) {
    const { status, headers, body } = await ask({ token, scopes: ["events.read"] });
    answers.push({ status, body, headers: { ...headers, "x-request-id": "", date: "" } });
  }
  for (const answer of answers) expect(answer).toEqual(answers[0]);
  expect(JSON.parse(answers[0]?.body ?? "")).toEqual({
    success: true,
    data: { valid: false, code: "not_found", key: null },
  });
});

describe("up to a hundred tokens", () => {
  test("are answered in the order sent, including duplicates", async () => {
    const keys = await Promise.all(Array.from({ length: 49 }, () => createTestKey(ours.owner)));
    const foreign = await createTestKey(theirs.owner);
    const tokens = [...keys, foreign, ...keys.toReversed(), foreign].map(({ token }) => token);
    const answers = await verify({ tokens, scopes: ["events.read"] });
    expect(tokens).toHaveLength(100);
    expect(answers.map(({ key }: { key: { id: string } | null }) => key?.id)).toEqual([
      ...keys.map(({ id }) => id),
      undefined,
      ...keys.toReversed().map(({ id }) => id),
      undefined,
    ]);
  });

  test("and no more: 101 are refused with a pointer to them", async () => {
    const answer = await ask({ tokens: Array(101).fill("garbage") });
    expect([answer.status, jsonOf(answer).errors]).toEqual([
      422,
      [{ pointer: "/tokens", detail: "Send at most 100 tokens." }],
    ]);
  });
});

describe("a question is refused", () => {
  test.each<[string, object, string[]]>([
    ["without a token", {}, ["/token"]],
    ["with a token and tokens", { token: "a", tokens: ["b"] }, ["/token"]],
    ["with no tokens", { tokens: [] }, ["/tokens"]],
    ["with what is no text among the tokens", { tokens: ["a", 1, { gt: "" }] }, ["/tokens/1", "/tokens/2"]],
    ["with a token that is too long", { token: "a".repeat(1_001) }, ["/token"]],
    ["with an operator as its token", { token: { startsWith: "lk_" } }, ["/token"]],
    ["with scopes that are no list", { token: "a", scopes: "events.read" }, ["/scopes"]],
    ["with an empty scope", { token: "a", scopes: ["events.read", ""] }, ["/scopes/1"]],
    ["with too many scopes", { token: "a", scopes: Array(201).fill("a") }, ["/scopes"]],
    ["with an empty resource", { token: "a", resource: "" }, ["/resource"]],
    ["with half a resource", { token: "a", resource: { type: "event" } }, ["/resource"]],
    ["with what is no address", { token: "a", ip: "192.0.2" }, ["/ip"]],
    ["with a range as the address", { token: "a", ip: "192.0.2.0/24" }, ["/ip"]],
    ["with what is no method", { token: "a", method: "GET POST" }, ["/method"]],
    ["with an empty method", { token: "a", method: "" }, ["/method"]],
    ["with a field that nobody knows", { token: "a", scope: "events.read" }, ["/scope"]],
    ["with several faults at once", { token: 1, ip: 2, method: 3 }, ["/token", "/ip", "/method"]],
  ])("%s: 422 with pointers", async (_, body, pointers) => {
    const answer = await ask(body);
    expect(answer.status).toBe(422);
    expect(answer.headers["content-type"]).toBe("application/problem+json");
    const { code, success, errors } = jsonOf(answer);
    expect([success, code, errors.map(({ pointer }: { pointer: string }) => pointer)]).toEqual([
      false,
      "invalid",
      pointers,
    ]);
  });

  test.each(["", "{", "token=a", "\u0000"])("that isn't JSON, %j: 400", async (body) => {
    const answer = await ask(body);
    expect([answer.status, jsonOf(answer).code]).toEqual([400, "invalid_json"]);
  });

  test.each(["null", "[]", '"token"', "1"])("that is JSON and no object, %s: 422", async (body) => {
    expect((await ask(body)).status).toBe(422);
  });

  test.each(["text/plain", "application/x-www-form-urlencoded", ""])("that calls itself %j: 415", async (type) => {
    const answer = await ask({ token: "a" }, { ...ours.asBearer, "content-type": type });
    expect([answer.status, jsonOf(answer).code]).toEqual([415, "unsupported_media_type"]);
  });

  test("over 64 KB, announced or not: 413", async () => {
    const body = JSON.stringify({ token: "a".repeat(64 * 1024) });
    for (const headers of [{}, { "transfer-encoding": "chunked" }]) {
      const answer = await ask(body, { ...ours.asBearer, ...headers });
      expect([answer.status, jsonOf(answer).code, answer.headers.connection]).toEqual([413, "body_too_large", "close"]);
    }
  });

  test("to a caller who isn't let in as that alone, whatever else is wrong with it", async () => {
    const { token } = await createTestKey(ours.owner);
    expect((await ask("{", {})).status).toBe(401);
    expect((await ask({}, { authorization: `Bearer ${token}` })).status).toBe(403);
    expect((await ask({ token }, { authorization: "Bearer garbage" })).status).toBe(401);
  });
});
