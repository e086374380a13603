import { createHash } from "node:crypto";
import type { APIRequestContext, APIResponse } from "@playwright/test";
import { at, BASE_URL, expect, type Person, signIn, signInByForm, sql, test } from "./fixtures";

const FAILURES_ALLOWED = 10;

type Attempt = { email: string; password: string; headers?: Record<string, string>; callbackUrl?: string };

async function attempt(request: APIRequestContext, { headers, ...credentials }: Attempt): Promise<APIResponse> {
  const { csrfToken } = await (await request.get(at("/api/auth/csrf"))).json();
  const form = { ...credentials, csrfToken, json: "true" };
  return request.post(at("/api/auth/callback/credentials"), { form, headers });
}

/** Fails as often as is allowed, each time from another address as far as the client can say so. */
async function exhaust(request: APIRequestContext, email: string): Promise<void> {
  for (let index = 0; index < FAILURES_ALLOWED; index++) {
    const headers = {
      "x-forwarded-for": `203.0.113.${index}`,
      "x-real-ip": `203.0.113.${index}`,
      forwarded: `for=203.0.113.${index}`,
    };
    expect((await attempt(request, { email, password: `wrong ${index}`, headers })).status()).toBe(401);
  }
}

/** As if the window had begun that much earlier. */
const letTimePass = (email: string, ms: number) =>
  sql("update sign_in_failures set expire = expire - $2 where key = $1", [
    `account:${createHash("sha256").update(email).digest("hex")}`,
    ms,
  ]);

test("a wrong password and an unknown account are answered alike", async ({ page, request, developer }) => {
  const unknown = "nobody@example.com";
  const answers = [];
  for (const email of [developer.email, unknown]) {
    await page.goto("/sign-in");
    await signInByForm(page, { email, password: "not the password" });
    await expect(
      page.getByRole("alert").filter({ hasText: "This e-mail and password don't match an account." }),
    ).toBeVisible();
    await expect(page.getByLabel("E-mail")).toHaveValue(email);
    const response = await attempt(request, { email, password: "not the password" });
    answers.push({ status: response.status(), body: await response.text() });
  }
  expect(answers[0]).toEqual(answers[1]);
  expect(answers[0]?.status).toBe(401);
});

test("after ten failures not even the right password gets in, from wherever it comes, until the window is over", async ({
  page,
  request,
  join,
  developer,
}) => {
  await exhaust(request, developer.email);
  const right = { email: developer.email, password: developer.password };
  for (const address of ["198.51.100.7", "127.0.0.1", "::1"]) {
    const response = await attempt(request, { ...right, headers: { "x-forwarded-for": address } });
    expect(response.status()).toBe(429);
    expect(Number(response.headers()["retry-after"])).toBeGreaterThan(280);
  }
  await page.goto("/sign-in");
  await signInByForm(page, developer);
  await expect(page.getByRole("alert").filter({ hasText: /Too many failed attempts.* Wait 5 minutes/ })).toBeVisible();

  const colleague = await join("Developer");
  expect((await attempt(request, colleague)).status()).toBe(200);

  await letTimePass(developer.email, 310_000);
  await signInByForm(page, developer);
  await expect(page.getByRole("heading", { name: "API Keys", exact: true })).toBeVisible();
});

test("an unknown account is throttled like a known one, so that a throttle tells nothing", async ({ request }) => {
  const email = `${crypto.randomUUID()}@example.com`;
  await exhaust(request, email);
  expect((await attempt(request, { email, password: "right or wrong" })).status()).toBe(429);
});

test("fifty guesses at once count as fifty", async ({ developer }) => {
  const csrf = await fetch(at("/api/auth/csrf"));
  const { csrfToken } = (await csrf.json()) as { csrfToken: string };
  const cookie = csrf.headers
    .getSetCookie()
    .map((entry) => entry.split(";")[0])
    .join("; ");
  const guesses = Array.from({ length: 50 }, (_, index) => {
    const body = new URLSearchParams({ email: developer.email, password: `guess ${index}`, csrfToken, json: "true" });
    return fetch(at("/api/auth/callback/credentials"), { method: "POST", headers: { cookie }, body });
  });
  const statuses = (await Promise.all(guesses)).map((response) => response.status);
  expect(statuses.filter((status) => status === 401)).toHaveLength(FAILURES_ALLOWED);
  expect(statuses.filter((status) => status === 429)).toHaveLength(50 - FAILURES_ALLOWED);
});

test("a success forgets the failures before it", async ({ request, developer }) => {
  const right = { email: developer.email, password: developer.password };
  for (let round = 0; round < 2; round++) {
    for (let index = 0; index < FAILURES_ALLOWED - 1; index++) await attempt(request, { ...right, password: "wrong" });
    expect((await attempt(request, right)).status()).toBe(200);
  }
});

const ELSEWHERE = [
  "//evil.example",
  "https://evil.example",
  "https://evil.example/settings",
  "/\\evil.example",
  "\\\\evil.example",
  "/\t/evil.example",
  "/.//evil.example",
  "javascript:alert(1)",
  "data:text/html,evil",
  `${BASE_URL}@evil.example/`,
  `${BASE_URL}.evil.example/`,
];

test("signing in never leads to another site", async ({ page, request, developer }) => {
  for (const callbackUrl of ELSEWHERE) {
    const response = await attempt(request, { ...developer, callbackUrl } as Person & { callbackUrl: string });
    expect(new URL((await response.json()).url).origin).toBe(BASE_URL);
    const onward = await request.get(at(`/sign-in?callbackUrl=${encodeURIComponent(callbackUrl)}`), {
      maxRedirects: 0,
    });
    expect(onward.status()).toBe(307);
    expect(new URL(onward.headers().location ?? "", at("/sign-in")).origin).toBe(BASE_URL);
    expect(onward.headers().location).not.toMatch(/^\/[/\\]/);
  }
  await page.goto(`/sign-in?callbackUrl=${encodeURIComponent("/\\evil.example")}`);
  await signInByForm(page, developer);
  await expect(page.getByRole("heading", { name: "API Keys", exact: true })).toBeVisible();
  expect(new URL(page.url()).origin).toBe(BASE_URL);
});

test("a visitor who is not signed in comes back to the page they asked for", async ({ page, team, admin }) => {
  const asked = `/${team.slug}/settings/audit-log?action=api_key.created`;
  await page.goto(asked);
  await expect(page).toHaveURL(/\/sign-in\?callbackUrl=/);
  await signInByForm(page, admin);
  await expect(page).toHaveURL(asked);
  await expect(page.getByRole("heading", { name: "Audit log" })).toBeVisible();
});

test("somebody who is signed in is not asked again", async ({ page, team, developer }) => {
  await signIn(page.context(), developer);
  await page.goto("/sign-in");
  await expect(page).toHaveURL(`/${team.slug}/settings/api-keys`);
});
