import { beforeAll, describe, expect, test } from "vitest";
import { generateToken } from "@/lib/api-keys/token";
import { createTestKey, inDays } from "@/lib/testing/fixtures";
import { basic, type Call, jsonOf, testVerifier } from "../testing/running-verifier.ts";
import { createVerifyingTeam, type VerifyingTeam } from "../testing/verifying-team.ts";

const verifier = testVerifier();
let ours: VerifyingTeam;
let theirs: VerifyingTeam;
beforeAll(async () => {
  [ours, theirs] = [await createVerifyingTeam(), await createVerifyingTeam()];
});

const introspect = (form: Record<string, string> | string, headers: object = ours.asBearer, more: Call = {}) =>
  verifier.postForm("/api/v1/introspect", form, { ...more, headers: { ...headers } });

describe("an active key", () => {
  test("is described as in RFC 7662, with integer seconds", async () => {
    const [createdAt, expiresAt] = [new Date("2026-01-02T03:04:05.678Z"), new Date("2099-01-02T03:04:05.999Z")];
    const resource = "event:0190a5c4-0000-7000-8000-000000000001";
    const { id, token } = await createTestKey(ours.owner, {
      name: "Zapier",
      scopes: ["events.write", "reports.read", "events.read"],
      createdAt,
      expiresAt,
      resource,
    });
    const answer = await introspect({ token });
    expect([answer.status, answer.headers["content-type"]]).toEqual([200, "application/json"]);
    expect(jsonOf(answer)).toEqual({
      active: true,
      scope: "events.write events.read",
      client_id: id,
      username: expect.stringMatching(/@example\.com$/),
      token_type: "Bearer",
      exp: 4_071_006_245,
      iat: 1_767_323_045,
      sub: ours.owner.memberId,
      jti: id,
      key_name: "Zapier",
      key_kind: "personal",
      team: ours.team.slug,
      team_id: ours.team.id,
      resource,
    });
  });

  test("without an expiry, a member or a resource is described without these", async () => {
    const { id, token } = await createTestKey(ours.owner, { kind: "team" });
    const told = jsonOf(await introspect({ token }));
    expect(told).toMatchObject({ active: true, sub: id, key_kind: "team" });
    for (const member of ["exp", "username", "resource"]) expect(told).not.toHaveProperty(member);
  });

  test("narrowed to addresses is active only for the given address", async () => {
    const { token } = await createTestKey(ours.owner, { allowedIps: ["192.0.2.0/24"] });
    const activeFor = async (form: { ip?: string }) =>
      jsonOf(await introspect({ token, ...form }, ours.asBearer, { ip: "192.0.2.7" })).active;
    expect(await activeFor({ ip: "192.0.2.9" })).toBe(true);
    expect(await activeFor({ ip: "::ffff:192.0.2.9" })).toBe(true);
    for (const form of [{}, { ip: "198.51.100.9" }, { ip: "" }, { ip: "garbage" }])
      expect(await activeFor(form)).toBe(false);
  });
});

test('whatever isn\'t active is exactly {"active":false}, and no header says which it was', async () => {
  const tokens = [
    generateToken("personal").token,
    "garbage",
    "",
    (await createTestKey(ours.owner, { revokedAt: new Date() })).token,
    (await createTestKey(ours.owner, { expiresAt: inDays(-1) })).token,
    (await createTestKey(theirs.owner)).token,
    theirs.caller.token,
  ];
  const answers = [];
  for (const token of tokens) {
    const { status, headers, body } = await introspect({ token });
    answers.push({ status, body, headers: { ...headers, "x-request-id": "", date: "" } });
  }
  for (const answer of answers) expect(answer).toEqual(answers[0]);
  expect(answers[0]).toMatchObject({ status: 200, body: '{"active":false}' });
});

describe("who may ask", () => {
  const own = async () => ({ token: (await createTestKey(ours.owner)).token });

  test("a team key with keys.verify as Bearer or as Basic, encoded as a form or plain", async () => {
    const { id, token } = ours.caller;
    const encoded = basic(encodeURIComponent(id), token.replaceAll("_", "%5F"));
    for (const headers of [ours.asBearer, ours.asBasic, encoded]) {
      expect(jsonOf(await introspect(await own(), headers))).toMatchObject({ active: true });
    }
  });

  test("nobody without credentials, who is shown both ways to bring them", async () => {
    const answer = await introspect(await own(), {});
    expect([answer.status, jsonOf(answer).code]).toEqual([401, "unauthenticated"]);
    expect(answer.headers["www-authenticate"]).toBe('Bearer realm="latchkey", Basic realm="latchkey", charset="UTF-8"');
  });

  test.each<[string, () => object | Promise<object>]>([
    ["a wrong secret", () => basic(ours.caller.id, generateToken("team").token)],
    ["another key's id", async () => basic((await createTestKey(ours.owner)).id, ours.caller.token)],
    ["an id and no secret", () => basic(ours.caller.id, "")],
    ["a secret and no id", () => basic("", ours.caller.token)],
    ["id and secret the wrong way round", () => basic(ours.caller.token, ours.caller.id)],
    ["broken percent-encoding", () => basic(ours.caller.id, `${ours.caller.token}%`)],
    [
      "a revoked key",
      async () => {
        const { id, token } = await createTestKey(ours.owner, {
          kind: "team",
          scopes: ["keys.verify"],
          revokedAt: new Date(),
        });
        return basic(id, token);
      },
    ],
  ])("not Basic with %s: 401", async (_, headers) => {
    const answer = await introspect(await own(), await headers());
    expect(answer.status).toBe(401);
    expect(answer.headers["www-authenticate"]).toContain('Basic realm="latchkey"');
    expect(["invalid_client", "unauthenticated"]).toContain(jsonOf(answer).code);
  });

  test("not who shows credentials twice: 400", async () => {
    const { authorization: first } = ours.asBearer;
    const { authorization: second } = ours.asBasic;
    for (const authorization of [
      [first, first],
      [second, second],
      [second, first],
      [first, second],
    ]) {
      const answer = await introspect(await own(), { authorization });
      expect([answer.status, jsonOf(answer).code]).toEqual([400, "invalid_request"]);
    }
  });

  test("who sends the same credentials in the form as well, but not another's: 400", async () => {
    const { token } = await createTestKey(ours.owner);
    const own = { client_id: ours.caller.id, client_secret: ours.caller.token };
    const parts: Record<string, string>[] = [
      own,
      { client_id: own.client_id },
      { client_secret: own.client_secret },
      { client_id: "", client_secret: "" },
    ];
    for (const form of parts) {
      for (const headers of [ours.asBasic, ours.asBearer]) {
        expect(jsonOf(await introspect({ token, ...form }, headers)).active).toBe(true);
      }
    }
    const other = { client_id: theirs.caller.id, client_secret: theirs.caller.token };
    for (const form of [
      other,
      { ...own, client_id: other.client_id },
      { ...own, client_secret: other.client_secret },
    ]) {
      const answer = await introspect({ token, ...form }, ours.asBasic);
      expect([answer.status, jsonOf(answer).code]).toEqual([400, "invalid_request"]);
    }
    const answer = await introspect({ token, ...other }, ours.asBearer);
    expect([answer.status, jsonOf(answer).code]).toEqual([400, "invalid_request"]);
    const twice = `token=${token}&client_secret=${own.client_secret}&client_secret=${other.client_secret}`;
    expect((await introspect(twice, ours.asBasic)).status).toBe(400);
  });

  test("not who shows credentials in the form alone, which the metadata don't offer: 401", async () => {
    const { token } = await createTestKey(ours.owner);
    const own = { client_id: ours.caller.id, client_secret: ours.caller.token };
    expect((await introspect({ token, ...own }, {})).status).toBe(401);
  });

  test("not a dead key, however alive the token asked about: 401 and why", async () => {
    const { token } = await createTestKey(ours.owner, { kind: "team", scopes: ["keys.verify"], expiresAt: inDays(-1) });
    const answer = await introspect(await own(), { authorization: `Bearer ${token}` });
    expect([answer.status, jsonOf(answer).detail]).toEqual([401, "The token has expired."]);
  });

  test("not a team key without keys.verify, nor a personal key whatever its scopes: 403 with the scope", async () => {
    const team = await createTestKey(ours.owner, { kind: "team", scopes: ["events.read"] });
    const personal = await createTestKey(ours.owner, { scopes: ["keys.verify"] });
    for (const { id, token } of [team, personal]) {
      for (const headers of [{ authorization: `Bearer ${token}` }, basic(id, token)]) {
        const answer = await introspect(await own(), headers);
        expect([answer.status, jsonOf(answer).code]).toEqual([403, "insufficient_scope"]);
        expect(answer.headers["www-authenticate"]).toContain('scope="keys.verify"');
      }
    }
  });

  test("not a caller narrowed to one resource, or to other addresses: 403", async () => {
    const narrowed = { kind: "team", scopes: ["keys.verify"] } as const;
    const callers = [
      { ...narrowed, scopes: [...narrowed.scopes], resource: "event:1" },
      { ...narrowed, scopes: [...narrowed.scopes], allowedIps: ["192.0.2.0/24"] },
    ];
    const codes = [];
    for (const overrides of callers) {
      const { id, token } = await createTestKey(ours.owner, overrides);
      codes.push(jsonOf(await introspect(await own(), basic(id, token), { ip: "198.51.100.7" })).code);
    }
    expect(codes).toEqual(["wrong_resource", "ip_not_allowed"]);
  });
});

describe("an invalid request by an authorized caller is refused", () => {
  test.each(["", "token_type_hint=access_token", "token=a&token=b"])("with 400 for the form %j", async (form) => {
    const answer = await introspect(form);
    expect([answer.status, jsonOf(answer).code]).toEqual([400, "invalid_request"]);
  });

  test.each(["application/json", "text/plain", "multipart/form-data; boundary=x", ""])(
    "with 415 for %j",
    async (type) => {
      const answer = await introspect({ token: "x" }, { ...ours.asBearer, "content-type": type });
      expect([answer.status, jsonOf(answer).code]).toEqual([415, "unsupported_media_type"]);
    },
  );

  test("an unauthorized caller is refused as such", async () => {
    expect((await introspect("token=a&token=b", {})).status).toBe(401);
    expect((await introspect("", { "content-type": "text/plain" })).status).toBe(401);
  });
});

test("a token in the query counts neither as the caller's nor as the one asked about", async () => {
  const { token } = ours.caller;
  const path = `/api/v1/introspect?access_token=${token}&token=${token}`;
  expect((await verifier.postForm(path, { token })).status).toBe(401);
  expect((await verifier.postForm(path, "", { headers: ours.asBearer })).status).toBe(400);
});
