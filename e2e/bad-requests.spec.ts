import { setTimeout as delay } from "node:timers/promises";
import { captureAction, cookieHeader, createKey, expect, signIn, test } from "./fixtures";
import { newLoopbackAddress, sendRaw } from "./raw-request";

const JSON_TYPE: [string, string] = ["Content-Type", "application/json"];
const megabyte = "x".repeat(1_000_000);

test("signing in with garbage is a refusal, never a failure", async () => {
  const FORM: [string, string] = ["Content-Type", "application/x-www-form-urlencoded"];
  const csrf = await sendRaw({ path: "/api/auth/csrf" });
  const csrfToken = JSON.parse(csrf.body).csrfToken;
  const cookie: [string, string] = ["Cookie", csrf.headers["set-cookie"]?.split(";")[0] ?? ""];
  const from = newLoopbackAddress();
  const post = (body: string, type = FORM) =>
    sendRaw({ method: "POST", path: "/api/auth/callback/credentials", headers: [cookie, type], body, from });
  const bodies = [
    `csrfToken=${csrfToken}`,
    `csrfToken=${csrfToken}&email=&password=`,
    `csrfToken=${csrfToken}&email=a%00b%40example.com&password=%00`,
    `csrfToken=${csrfToken}&email=%ED%A0%80%40example.com&password=%ED%A0%80`,
    `csrfToken=${csrfToken}&email[]=a%40example.com&password[]=x`,
    `csrfToken=${csrfToken}&email=a%40example.com&email=b%40example.com&password=x&password=y`,
    `csrfToken=${csrfToken}&email=a%40example.com&password=${"x".repeat(50_000)}`,
    `csrfToken=${csrfToken}&email=${"x".repeat(300)}%40example.com&password=x`,
    `csrfToken=${csrfToken}&email=a%40example.com&password=x&callbackUrl=%00&json=true`,
    `csrfToken=${csrfToken}&email=%&password=%`,
  ];
  for (const body of bodies) {
    const answer = await post(body);
    expect(answer.status, body.slice(64, 130)).toBeGreaterThanOrEqual(300);
    expect(answer.status, `${body.slice(64, 130)}: ${answer.body.slice(0, 200)}`).toBeLessThan(500);
    expect(answer.headers["set-cookie"] ?? "").not.toContain("latchkey.session=ey");
  }
  const json = { csrfToken, email: ["a@example.com"], password: { contains: "" }, json: "true" };
  for (const body of [JSON.stringify(json), '{"csrfToken":', "[]", "null", '"\\ud800"', ""]) {
    const answer = await post(body, JSON_TYPE);
    expect(answer.status, `${body}: ${answer.body.slice(0, 200)}`).toBeLessThan(500);
  }
  expect((await post(`csrfToken=${csrfToken}&email=${megabyte}`)).status).toBe(413);
  const withoutCsrf = await sendRaw({
    method: "POST",
    path: "/api/auth/callback/credentials",
    headers: [FORM],
    body: "email=a",
  });
  expect(withoutCsrf).toMatchObject({ status: 403, type: "application/problem+json" });
});

/** Endpoints of next-auth that sign-in doesn't need; `_log` would even log arbitrary input. */
const UNUSED = [
  "providers",
  "signin",
  "signin/credentials",
  "signin?csrf=true",
  "error?error=%00",
  "error?error=Configuration",
  "callback",
  "callback/none",
  "callback/credentials/more",
  "_log",
  "_log/more",
  "verify-request",
  "csrf/more",
  "session/more",
  "__proto__",
  "constructor",
];

test("of next-auth's endpoints those that signing in and out take are there, and no other", async () => {
  const ask = (method: string, path: string) =>
    sendRaw({
      method,
      path: `/api/auth/${path}`,
      headers: method === "POST" ? [JSON_TYPE] : [],
      body: method === "POST" ? '{"code":"marked","level":"error","json":"true"}' : undefined,
    });
  for (const path of UNUSED) {
    for (const method of ["GET", "POST", "OPTIONS"]) {
      const answer = await ask(method, path);
      expect(answer, `${method} ${path}`).toMatchObject({ status: 404, type: "application/problem+json" });
      expect(answer.headers["set-cookie"], `${method} ${path}`).toBeUndefined();
    }
  }
  for (const path of ["csrf", "session"]) expect((await ask("POST", path)).status, path).toBe(404);
  for (const path of ["signout", "callback/credentials"]) expect((await ask("GET", path)).status, path).toBe(404);
  for (const query of ["callbackUrl=x", "callbackUrl=http%3A%2F%2F", "callbackUrl=%00", "error=%00"]) {
    expect((await ask("GET", `csrf?${query}`)).status, query).toBe(200);
    expect((await ask("GET", `session?${query}`)).status, query).toBe(200);
  }
  expect((await ask("GET", "csrf?__proto__=1")).status).toBe(422);
});

const COOKIES = ["session", "session.0", "session.x", "csrf", "callback", "browser", "theme", "__proto__"];
const BROKEN = [
  "",
  "x",
  "%",
  "%00",
  "%E0%A4%A",
  "|",
  "a|b",
  "http://",
  "//",
  "{}",
  '"',
  "é",
  "a.b.c.d.e",
  "~.~",
  "=",
  "x".repeat(1_500),
];

test("a cookie that can't be read is taken for none, whatever its name", async () => {
  const FORM: [string, string] = ["Content-Type", "application/x-www-form-urlencoded"];
  const requests = [
    { path: "/api/auth/csrf", status: 200 },
    { path: "/api/auth/session", status: 200 },
    { path: "/sign-in", status: 200 },
    { path: "/api/v1/api-keys", status: 401 },
    { path: "/api/auth/callback/credentials", method: "POST", headers: [FORM], body: "csrfToken=x", status: 403 },
    { path: "/api/auth/signout", method: "POST", headers: [FORM], body: "csrfToken=x", status: 403 },
  ];
  for (const { status, headers = [], ...request } of requests) {
    for (const value of BROKEN) {
      const cookies = COOKIES.map((name) => `latchkey.${name}=${value}`).join("; ");
      const answer = await sendRaw({ ...request, headers: [...headers, ["Cookie", cookies]] });
      expect(answer.status, `${request.path} ${value.slice(0, 20)}: ${answer.body.slice(0, 200)}`).toBe(status);
    }
  }
});

const QUERIES = [
  "q[]=1",
  "q=a&q=b",
  "q=%00",
  "q=%ED%A0%80",
  "q=%",
  `q=${"x".repeat(1_500)}`,
  "q=%25_%5C",
  "q=%E2%80%A6",
  "q=a%E2%80%A6b%E2%80%A6c",
  "status=x",
  "status=active&status=revoked",
  "status[contains]=",
  "after=garbage",
  "before=garbage",
  "after=%00&before=%00",
  "after[]=1",
  "__proto__=1",
  "constructor=1",
];

/** Without a session; retried, because this many pages exceed the rate limit. */
async function openPage(path: string) {
  for (;;) {
    const answer = await sendRaw({ path });
    if (answer.status !== 429) return answer;
    await delay(1_000 * Number(answer.headers["retry-after"]));
  }
}

test("pages take a query they don't understand for none", async ({ team, join, context }) => {
  await signIn(context, await join("Admin"));
  const cookie = await cookieHeader(context);
  const auditQueries = [
    "action=x",
    "member=1",
    "key=%00",
    "key=%ED%A0%80",
    "from=x&to=y",
    "from=9999-12-31&to=0001-01-01",
    "from=2027-02-30",
  ];
  for (const query of [...QUERIES, ...auditQueries]) {
    for (const page of ["api-keys", "audit-log"]) {
      for (const headers of [[], [["RSC", "1"]]] as [string, string][][]) {
        const answer = await sendRaw({
          path: `/${team.slug}/settings/${page}?${query}`,
          headers: [cookie, ...headers],
        });
        expect([200, 307], `${page}?${query}: ${answer.status}`).toContain(answer.status);
      }
    }
    for (const path of [`/sign-in?callbackUrl=${query}`, `/setup?code=${query}&${query}`]) {
      expect((await openPage(path)).status, path).toBe(200);
    }
  }
  for (const path of [
    "/%00",
    "/%ED%A0%80/settings/api-keys",
    "/..%2f..",
    "/%2e%2e/",
    "//evil.example",
    "/\\evil.example",
    "/%",
    `/${"x".repeat(5_000)}`,
    "/_next/data/x/y.json",
    "/_next/image?url=%2Ficon.svg&w=64&q=75",
  ]) {
    const answer = await sendRaw({ path, headers: [cookie] });
    expect([400, 404], `${path.slice(0, 40)}: ${answer.status}`).toContain(answer.status);
  }
});

test("a server action with a body, an id or a cookie that is garbage never fails inside", async ({
  keysPage,
  team,
  context,
}) => {
  const cookie = await cookieHeader(context);
  const { id } = await captureAction(keysPage, () => createKey(keysPage));
  const own: [string, string][] = [
    ["Origin", new URL(keysPage.url()).origin],
    ["Accept", "text/x-component"],
    ["Content-Type", "text/plain;charset=UTF-8"],
  ];
  const path = `/${team.slug}/settings/api-keys`;
  const post = (action: string, body: string, ...headers: [string, string][]) =>
    sendRaw({ method: "POST", path, headers: [cookie, ["Next-Action", action], ...own, ...headers], body });
  const bodies = [
    "",
    "null",
    "{}",
    "[",
    "[]",
    "[1,2]",
    `["${team.slug}"]`,
    `["${team.slug}",null]`,
    `["${team.slug}","$K1"]`,
    `["${team.slug}","$F1"]`,
    `["${team.slug}","$@1"]`,
    `["${team.slug}","$Q1"]`,
    `["${team.slug}","$1:__proto__"]`,
    `["${team.slug}",{"name":"\\ud800","scopes":["\\u0000"],"expiry":{"in":"90d"}}]`,
    `["${team.slug}",${"[".repeat(5_000)}${"]".repeat(5_000)}]`,
    "\u0000",
    '["$undefined","$undefined"]',
  ];
  for (const body of bodies) {
    const answer = await post(id, body);
    expect(answer.status, `${body.slice(0, 60)}: ${answer.body.slice(0, 200)}`).toBeLessThan(500);
    expect(answer.body).not.toContain('"ok":true');
  }
  for (const action of [
    "",
    "x",
    "0".repeat(42),
    "f".repeat(42),
    "__proto__",
    "constructor",
    "../../etc/passwd",
    id.slice(0, -1),
  ]) {
    const answer = await post(action, "[]");
    expect(answer.status, `${action}: ${answer.body.slice(0, 200)}`).toBeLessThan(500);
  }
  for (const [name, value] of [
    ["Next-Router-State-Tree", "%"],
    ["Next-Router-State-Tree", "[[[["],
    ["Content-Type", "multipart/form-data; boundary=x"],
    ["Content-Type", "multipart/form-data"],
    ["Cookie", "latchkey.session=garbage"],
  ] as const) {
    const answer = await sendRaw({
      method: "POST",
      path,
      headers: [cookie, ["Next-Action", id], ...own.filter((header) => header[0] !== name), [name, value]],
      body: "--x--",
    });
    expect(answer.status, `${name} ${value}: ${answer.body.slice(0, 200)}`).toBeLessThan(500);
  }
  expect((await post(id, megabyte)).status).toBe(413);
});
