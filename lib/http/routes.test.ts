import { describe, expect, test } from "vitest";
import { z } from "zod";
import { db } from "@/lib/database/db";
import { AppError, type AppErrorCode } from "@/lib/errors";
import { apiRoute, readJson } from "@/lib/http/routes";
import { createTestDeveloper, createTestKey, createTestMember, createTestTeam, inDays } from "@/lib/testing/fixtures";
import { requireScope } from "@/lib/verification/require-scope";

type Init = {
  token?: string;
  authorization?: string;
  method?: string;
  url?: string;
  headers?: Record<string, string>;
  body?: BodyInit;
};

function request({
  token,
  authorization = token && `Bearer ${token}`,
  url = "http://localhost/api",
  ...init
}: Init): Request {
  const headers = { "x-request-id": "r1", ...(authorization !== undefined && { authorization }), ...init.headers };
  return new Request(url, { method: init.method, headers, body: init.body });
}

const read = apiRoute(async (incoming) => {
  const { scopes } = await requireScope(incoming, "events.read");
  return { scopes };
});

async function liveToken(scopes = ["events.read"]): Promise<string> {
  return (await createTestKey(await createTestDeveloper(), { scopes })).token;
}

async function problemOf(response: Response) {
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  const body = await response.json();
  expect(body).toMatchObject({
    success: false,
    status: response.status,
    instance: "urn:request:r1",
    title: expect.any(String),
  });
  return body;
}

describe("a request with a good token", () => {
  test("gets the handler's data", async () => {
    const response = await read(request({ token: await liveToken(["events.read", "events.write"]) }));
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ success: true, data: { scopes: ["events.read", "events.write"] } });
  });

  test("gets the status that the route gives to success", async () => {
    const create = apiRoute(async () => null, { successStatus: 201 });
    expect((await create(request({ token: await liveToken() }))).status).toBe(201);
  });
});

describe("a request is refused", () => {
  test("401 with a bare challenge when it presents nothing", async () => {
    for (const authorization of [undefined, "", "Basic eDp5"]) {
      const response = await read(request({ authorization }));
      expect([response.status, response.headers.get("www-authenticate")]).toEqual([401, 'Bearer realm="latchkey"']);
      expect(await problemOf(response)).toMatchObject({ code: "unauthenticated" });
    }
  });

  test("401 with a bare challenge when its token is in the query, in the body or in a cookie", async () => {
    const token = await liveToken();
    const url = `http://localhost/api?access_token=${token}&token=${token}`;
    const cookie = { cookie: `access_token=${token}; latchkey.session=${token}` };
    const form = new URLSearchParams({ access_token: token });
    for (const init of [{ url }, { headers: cookie }, { method: "POST", body: form }]) {
      const response = await read(request(init));
      expect([response.status, response.headers.get("www-authenticate")]).toEqual([401, 'Bearer realm="latchkey"']);
    }
  });

  test("400 when a good token is presented twice", async () => {
    const token = await liveToken();
    const response = await read(request({ authorization: `Bearer ${token}, Bearer ${token}` }));
    expect(response.status).toBe(400);
    expect(response.headers.get("www-authenticate")).toContain('error="invalid_request"');
    expect(await problemOf(response)).toMatchObject({ code: "invalid_request" });
  });

  test("401 invalid_token, and the holder of the real token is told why", async () => {
    const owner = await createTestDeveloper();
    const removed = await createTestMember(await createTestTeam());
    const dead = [
      [await createTestKey(owner, { revokedAt: new Date() }), "The token was revoked."],
      [await createTestKey(owner, { expiresAt: inDays(-1) }), "The token has expired."],
      [{ token: "garbage" }, "The token is not valid."],
      [await createTestKey(removed), "The token belongs to a member who is no longer active in the team."],
    ] as const;
    await db.member.update({ where: { id: removed.memberId }, data: { removedAt: new Date() } });
    for (const [{ token }, reason] of dead) {
      const response = await read(request({ token }));
      expect(response.status).toBe(401);
      expect(response.headers.get("www-authenticate")).toBe(
        `Bearer realm="latchkey", error="invalid_token", error_description="${reason}"`,
      );
      expect(await problemOf(response)).toMatchObject({ code: "invalid_token", detail: reason });
    }
  });

  test("403 with the scope it lacks, before its body is looked at", async () => {
    const write = apiRoute(async (incoming) => {
      await requireScope(incoming, "events.write");
      return readJson(incoming, z.never());
    });
    const response = await write(request({ token: await liveToken(["events.read"]), method: "POST", body: "garbage" }));
    expect(response.status).toBe(403);
    expect(response.headers.get("www-authenticate")).toMatch(/error="insufficient_scope".*, scope="events\.write"$/);
    expect(await problemOf(response)).toMatchObject({ code: "insufficient_scope" });
  });

  test("without the token anywhere in the answer", async () => {
    const { token } = await createTestKey(await createTestDeveloper(), { revokedAt: new Date() });
    const response = await read(request({ token }));
    expect(JSON.stringify([...response.headers]) + (await response.text())).not.toContain(token.slice(11, 40));
  });
});

describe("a body", () => {
  const schema = z.strictObject({
    name: z.string().min(1),
    tags: z.array(z.strictObject({ "a/b~c": z.string() })).default([]),
  });
  const echo = apiRoute((incoming) => readJson(incoming, schema));
  const json = { "content-type": "application/json" };

  const send = async (body: BodyInit, headers: Record<string, string> = json) =>
    echo(request({ method: "POST", headers, body }));

  test("of JSON arrives as the schema makes it, whatever the media type's case and parameters", async () => {
    const response = await send('{"name":"x"}', { "content-type": "Application/JSON; charset=utf-8" });
    expect(await response.json()).toEqual({ success: true, data: { name: "x", tags: [] } });
  });

  test.each([
    "text/plain",
    "application/x-www-form-urlencoded",
    "application/jsonp",
    "multipart/form-data; boundary=x",
    "",
  ])("that calls itself %j is refused with 415", async (type) => {
    const response = await send('{"name":"x"}', { "content-type": type });
    expect(response.status).toBe(415);
    expect(await problemOf(response)).toMatchObject({ code: "unsupported_media_type" });
  });

  test.each(["", "{", '{"name":"x"}}', "name=x", "\u0000", "NaN"])(
    "that isn't JSON is refused with 400: %j",
    async (body) => {
      const response = await send(body);
      expect(response.status).toBe(400);
      expect(await problemOf(response)).toMatchObject({ code: "invalid_json" });
    },
  );

  test.each([
    ["{}", ["/name"]],
    ['{"name":""}', ["/name"]],
    ['{"name":1,"tags":[{"a/b~c":"x"},{"a/b~c":2}]}', ["/name", "/tags/1/a~1b~0c"]],
    ['{"name":"x","teamId":"y"}', ["/teamId"]],
    ["null", [""]],
    ["[]", [""]],
  ])("with wrong fields is refused with 422 and a JSON pointer to each: %s", async (body, pointers) => {
    const response = await send(body);
    expect(response.status).toBe(422);
    const { code, errors } = await problemOf(response);
    expect(code).toBe("invalid");
    expect(errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(pointers);
    for (const { detail } of errors) expect(detail).not.toBe("");
  });
});

describe("a failure of the handler", () => {
  const table: Record<AppErrorCode, number> = {
    invalid: 422,
    unauthenticated: 401,
    forbidden: 403,
    not_found: 404,
    conflict: 409,
    limit_reached: 409,
    too_many_requests: 429,
    unavailable: 503,
  };

  test.each(Object.entries(table))(
    "that is a refusal with %s is answered %i with its sentence",
    async (code, status) => {
      const route = apiRoute(async () => {
        throw new AppError(code as AppErrorCode, "A sentence for the caller.");
      });
      const response = await route(request({}));
      expect(response.status).toBe(status);
      expect(await problemOf(response)).toMatchObject({ code, detail: "A sentence for the caller." });
    },
  );

  test.each([new Error("password=hunter2 at 10.0.0.7"), "hunter2", null, { message: "hunter2" }])(
    "that is a defect is answered 500 without a word of its text",
    async (defect) => {
      const route = apiRoute(async () => {
        throw defect;
      });
      const response = await route(request({}));
      expect(response.status).toBe(500);
      const body = await problemOf(response);
      expect(body).toMatchObject({ code: "internal" });
      expect(JSON.stringify(body)).not.toMatch(/hunter2|10\.0\.0\.7|stack/);
    },
  );
});
