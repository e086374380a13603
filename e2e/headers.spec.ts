import { createTestKey } from "@/lib/testing/fixtures";
import { cookieHeader, expect, signIn, test } from "./fixtures";
import { type RawAnswer, sendRaw } from "./raw-request";

function expectSecurityHeaders({ headers }: RawAnswer, what: string): void {
  expect(headers, what).toMatchObject({
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
  });
  const policy = headers["content-security-policy"] ?? "";
  for (const directive of [
    "default-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "form-action 'self'",
  ]) {
    expect(policy, what).toContain(directive);
  }
  const scripts = policy.split("; ").find((directive) => directive.startsWith("script-src")) ?? "";
  expect(scripts, what).toMatch(/'nonce-[^']{20,}'/);
  expect(scripts, what).not.toMatch(/unsafe|\*|https?:/);
  expect(
    Object.keys(headers).filter((name) => /^access-control-|^x-powered-by$|^server$/.test(name)),
    what,
  ).toEqual([]);
  expect(headers["x-request-id"], what).toBeTruthy();
}

/** The policy's nonce, after checking that every script of the document has it. */
function nonceOf({ headers, body }: RawAnswer, what: string): string {
  const nonce = /'nonce-([^']+)'/.exec(headers["content-security-policy"] ?? "")?.[1] ?? "";
  const tags = body.match(/<(?:script|style)\b[^>]*>/g) ?? [];
  expect(tags.length, what).toBeGreaterThan(0);
  expect(
    tags.filter((tag) => !tag.includes(`nonce="${nonce}"`)),
    what,
  ).toEqual([]);
  return nonce;
}

test("every page, refusal and payload has the security headers, and nobody may keep a copy", async ({
  page,
  team,
  admin,
}) => {
  await signIn(page.context(), admin);
  const { token } = await createTestKey(admin.actor);
  const cookie = await cookieHeader(page.context());
  const bearer: [string, string] = ["Authorization", `Bearer ${token}`];
  const keys = `/${team.slug}/settings/api-keys`;
  const moved = await sendRaw({ path: keys, headers: [cookie, ["RSC", "1"]] });
  const payload = moved.headers.location ?? keys;
  const requests: [what: string, status: number, request: Parameters<typeof sendRaw>[0]][] = [
    ["the keys", 200, { path: keys, headers: [cookie] }],
    ["the audit log", 200, { path: `/${team.slug}/settings/audit-log`, headers: [cookie] }],
    ["a payload", 200, { path: payload, headers: [cookie, ["RSC", "1"]] }],
    ["the team", 307, { path: `/${team.slug}`, headers: [cookie] }],
    ["signed out", 307, { path: keys }],
    ["sign-in", 200, { path: "/sign-in" }],
    ["setup", 200, { path: "/setup?code=x" }],
    ["not found", 404, { path: "/no-such-team/settings/api-keys", headers: [cookie] }],
    ["no such page", 404, { path: "/a/b/c/d", headers: [cookie] }],
    ["the session", 200, { path: "/api/auth/session", headers: [cookie] }],
    ["the example API", 200, { path: "/api/v1/organizer/events", headers: [bearer] }],
    ["no such endpoint", 404, { path: "/api/v1/x" }],
    [
      "a cross-site change",
      403,
      { method: "POST", path: keys, headers: [cookie, ["Origin", "https://evil.example"]], body: "" },
    ],
    ["a method pages don't know", 405, { method: "DELETE", path: keys, headers: [cookie] }],
    [
      "a body too long",
      413,
      { method: "POST", path: "/api/v1/organizer/events", headers: [bearer], body: "x".repeat(70_000) },
    ],
    ["a malformed path", 400, { path: "/%00", headers: [cookie] }],
    ["a build file that is none", 404, { path: "/_next/static/none.js" }],
  ];
  for (const [what, status, request] of requests) {
    const answer = await sendRaw(request);
    expect(answer.status, what).toBe(status);
    expectSecurityHeaders(answer, what);
    expect(answer.headers["cache-control"], what).toBe("private, no-store");
    expect(answer.headers.etag, what).toBeUndefined();
  }
});

test("verification, which only programs ask for, is no document in any browser and nobody may keep a copy", async ({
  developer,
}) => {
  const { token } = await createTestKey(developer.actor);
  const bearer: [string, string] = ["Authorization", `Bearer ${token}`];
  const requests: [status: number, request: Parameters<typeof sendRaw>[0]][] = [
    [200, { path: "/api/v1/me", headers: [bearer] }],
    [200, { path: "/api/v1/forward-auth", headers: [bearer] }],
    [401, { path: "/api/v1/me" }],
    [405, { method: "DELETE", path: "/api/v1/me" }],
    [200, { path: "/api/health/ready" }],
    [200, { path: "/.well-known/oauth-authorization-server" }],
  ];
  for (const [status, request] of requests) {
    const { headers, ...answer } = await sendRaw(request);
    expect(answer.status, request.path).toBe(status);
    expect(headers, request.path).toMatchObject({
      "cache-control": "private, no-store",
      "content-security-policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
      "x-content-type-options": "nosniff",
      "x-request-id": expect.stringMatching(/./),
    });
    expect(Object.keys(headers).filter((name) => /^access-control-|^x-powered-by$|^server$|^etag$/.test(name))).toEqual(
      [],
    );
  }
});

test("a member without the permission gets the same headers with the refusal", async ({ context, team, join }) => {
  await signIn(context, await join("Viewer"));
  const answer = await sendRaw({ path: `/${team.slug}/settings/api-keys`, headers: [await cookieHeader(context)] });
  expect(answer.status).toBe(403);
  expectSecurityHeaders(answer, "forbidden");
  expect(answer.headers["cache-control"]).toBe("private, no-store");
  nonceOf(answer, "forbidden");
});

test("each document has a nonce of its own on every script", async ({ context, team, developer }) => {
  await signIn(context, developer);
  const cookie = await cookieHeader(context);
  const nonces = new Set<string>();
  for (const path of [
    `/${team.slug}/settings/api-keys`,
    `/${team.slug}/settings/api-keys`,
    "/sign-in",
    "/a/b/c",
    "/setup",
  ]) {
    const headers = path === "/sign-in" ? [] : [cookie];
    nonces.add(nonceOf(await sendRaw({ path, headers }), path));
  }
  expect(nonces.size).toBe(5);
});

test("build files may be kept for ever, being named after their content", async ({ keysPage }) => {
  const script = await keysPage.evaluate(
    () => document.querySelector<HTMLScriptElement>("script[src*='/_next/static/']")?.src ?? "",
  );
  const answer = await sendRaw({ path: new URL(script).pathname });
  expect(answer.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
  expectSecurityHeaders(answer, "a build file");
});

test("the session's cookie can't be read by scripts and never outlives a week", async ({ keysPage, context }) => {
  const cookies = await context.cookies();
  const session = cookies.find(({ name }) => name.endsWith("latchkey.session"));
  expect(session).toMatchObject({
    httpOnly: true,
    sameSite: "Lax",
    path: "/",
    domain: new URL(keysPage.url()).hostname,
  });
  expect((session?.expires ?? 0) - Date.now() / 1000).toBeLessThanOrEqual(7 * 86_400);
  expect(await keysPage.evaluate(() => document.cookie)).not.toContain("session");
});
