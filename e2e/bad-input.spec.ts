import { createTestKey } from "@/lib/testing/fixtures";
import { test as base, expect } from "./fixtures";
import { type RawAnswer, sendRaw } from "./raw-request";

const JSON_TYPE: [string, string] = ["Content-Type", "application/json"];
const EVENTS = "/api/v1/organizer/events";
const GOOD_EVENT = { name: "Spring fair", starts_at: "2027-05-01T18:00:00Z" };
const megabyte = "x".repeat(1_000_000);

/** The header with a token that has every scope. */
const test = base.extend<{ bearer: [string, string] }>({
  bearer: async ({ developer }, use) => {
    const { token } = await createTestKey(developer.actor, { scopes: ["events.read", "events.write"] });
    await use(["Authorization", `Bearer ${token}`]);
  },
});

function expectProblem(answer: RawAnswer, status: number | number[], what: string): void {
  expect([status].flat(), `${what}: ${answer.body.slice(0, 200)}`).toContain(answer.status);
  expect(answer.type, what).toContain("application/problem+json");
  const problem = JSON.parse(answer.body);
  expect(problem, what).toMatchObject({ success: false, status: answer.status, code: expect.any(String) });
  expect(
    typeof problem.detail === "string" && typeof problem.title === "string" && typeof problem.type === "string",
  ).toBe(true);
}

const BAD_EVENTS: [what: string, body: string][] = [
  ["nothing", ""],
  ["half an object", '{"name": "x"'],
  ["a string", '"text"'],
  ["a number", "42"],
  ["null", "null"],
  ["an array", JSON.stringify([GOOD_EVENT])],
  ["no fields", "{}"],
  ["an unknown field", JSON.stringify({ ...GOOD_EVENT, teamId: crypto.randomUUID() })],
  [
    "a field of the server's",
    JSON.stringify({ ...GOOD_EVENT, id: crypto.randomUUID(), createdAt: GOOD_EVENT.starts_at }),
  ],
  ["__proto__", '{"__proto__": {"name": "x"}, "starts_at": "2027-05-01T18:00:00Z"}'],
  ["an array for the name", JSON.stringify({ ...GOOD_EVENT, name: ["x"] })],
  ["an operator for the name", JSON.stringify({ ...GOOD_EVENT, name: { contains: "" } })],
  ["a number for the name", JSON.stringify({ ...GOOD_EVENT, name: 7 })],
  ["an empty name", JSON.stringify({ ...GOOD_EVENT, name: "  " })],
  ["a name too long", JSON.stringify({ ...GOOD_EVENT, name: "x".repeat(201) })],
  ["NUL in the name", JSON.stringify({ ...GOOD_EVENT, name: "a\0b" })],
  ["a lone surrogate in the name", '{"name": "a\\ud800b", "starts_at": "2027-05-01T18:00:00Z"}'],
  ["a time that is none", JSON.stringify({ ...GOOD_EVENT, starts_at: "tomorrow" })],
  ["a day that does not exist", JSON.stringify({ ...GOOD_EVENT, starts_at: "2027-02-30T00:00:00Z" })],
  ["the year 275760", JSON.stringify({ ...GOOD_EVENT, starts_at: "+275760-09-13T00:00:00Z" })],
  ["a number for the time", JSON.stringify({ ...GOOD_EVENT, starts_at: 1_800_000_000 })],
  ["deep nesting", `{"name": ${"[".repeat(20_000)}${"]".repeat(20_000)}}`],
];

test("an event that can't be used is refused with a problem, whatever is wrong with it", async ({ bearer }) => {
  const send = (body: string | Buffer, ...headers: [string, string][]) =>
    sendRaw({ method: "POST", path: EVENTS, headers: [bearer, ...headers], body });
  for (const [what, body] of BAD_EVENTS) expectProblem(await send(body, JSON_TYPE), [400, 422], what);
  expectProblem(await send(Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), JSON_TYPE), [400, 422], "no UTF-8");
  expectProblem(await send(JSON.stringify({ ...GOOD_EVENT, name: megabyte }), JSON_TYPE), 413, "a megabyte");
  for (const type of [
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/json2",
  ]) {
    expectProblem(await send(JSON.stringify(GOOD_EVENT), ["Content-Type", type]), 415, type);
  }
  expectProblem(await send(JSON.stringify(GOOD_EVENT)), 415, "no content type");
  const named = await send(JSON.stringify({ ...GOOD_EVENT, name: "" }), JSON_TYPE);
  expect(JSON.parse(named.body).errors).toEqual([{ pointer: "/name", detail: "Enter a name." }]);
  expect((await send(JSON.stringify(GOOD_EVENT), ["Content-Type", "Application/JSON; charset=utf-8"])).status).toBe(
    201,
  );
});

test("a query that can't be used is refused, and what is unknown in it is ignored", async ({ bearer }) => {
  const get = (query: string) => sendRaw({ path: `${EVENTS}?${query}`, headers: [bearer] });
  for (const query of [
    "limit=0",
    "limit=101",
    "limit=1e9",
    "limit=NaN",
    "limit=",
    "limit=1.5",
    "limit=-1",
    "cursor=garbage",
    "cursor=",
    "cursor=%00",
  ]) {
    expectProblem(await get(query), 422, query);
  }
  for (const query of ["q[]=1", "limit=2&unknown=%00", "%ED%A0%80=1", "access_token=lk_pat_1", "=", "&&&", "%"]) {
    expect((await get(query)).status, query).toBe(200);
  }
});

test("a token counts only in one Authorization header", async ({ bearer }) => {
  const token = bearer[1].replace("Bearer ", "");
  for (const path of ["/api/v1/me", EVENTS]) {
    for (const query of [`access_token=${token}`, `token=${token}`, `authorization=Bearer%20${token}`]) {
      const answer = await sendRaw({ path: `${path}?${query}` });
      expectProblem(answer, 401, query);
      expect(answer.headers["www-authenticate"]).toBe('Bearer realm="latchkey"');
    }
    expectProblem(await sendRaw({ path, headers: [bearer, bearer] }), 400, "twice the same");
    expectProblem(await sendRaw({ path, headers: [bearer, ["Authorization", "Bearer other"]] }), 400, "two tokens");
    expectProblem(await sendRaw({ path, headers: [["Authorization", `${bearer[1]}, ${bearer[1]}`]] }), 400, "a list");
    for (const value of ["Bearer", "Bearer ", `Bearer ${token} ${token}`, "Bearer \u00e9"]) {
      expectProblem(await sendRaw({ path, headers: [["Authorization", value]] }), 400, value);
    }
    for (const value of [`Basic ${Buffer.from(`x:${token}`).toString("base64")}`, token, `Token ${token}`, "Basic"]) {
      expectProblem(await sendRaw({ path, headers: [["Authorization", value]] }), 401, value);
    }
    for (const value of [token.slice(0, -1), `${token}0`, token.toUpperCase(), "x".repeat(7_000)]) {
      expectProblem(await sendRaw({ path, headers: [["Authorization", `Bearer ${value}`]] }), 401, value);
    }
    const answer = await sendRaw({ path, headers: [["X-Big", "x".repeat(20_000)]] });
    expect(answer.status).toBe(431);
    const body = `access_token=${token}`;
    const posted = await sendRaw({
      method: "POST",
      path: EVENTS,
      headers: [["Content-Type", "application/x-www-form-urlencoded"]],
      body,
    });
    expectProblem(posted, 401, "in the body");
  }
});

test("the API answers what it does not have, and methods it does not know, with problems", async ({ bearer }) => {
  for (const path of [
    "/api/v1",
    "/api/v1/nothing",
    "/api/v1/me/more",
    "/api/v1/%00",
    "/api/v1/..%2fme",
    "/api//v1/me",
  ]) {
    const answer = await sendRaw({ path, headers: [bearer] });
    expect([308, 400, 404], `${path}: ${answer.status}`).toContain(answer.status);
    if (answer.status !== 308) expect(answer.type, path).toContain("json");
  }
  for (const method of ["PUT", "PATCH", "DELETE"]) {
    const answer = await sendRaw({ method, path: "/api/v1/me", headers: [bearer] });
    expect(answer.status, method).toBe(405);
    const overridden = await sendRaw({
      path: "/api/v1/me?_method=DELETE",
      headers: [bearer, ["X-HTTP-Method-Override", method]],
    });
    expect(overridden.status).toBe(200);
  }
  expect((await sendRaw({ method: "TRACE", path: "/api/v1/me", headers: [bearer] })).status).toBe(405);
});
