import { createHash } from "node:crypto";
import type { APIRequestContext, APIResponse } from "@playwright/test";
import { at, BASE_URL, expect, type Person, signIn, signInByForm, sql, test, toast } from "./fixtures";
import { newLoopbackAddress, sendRaw } from "./raw-request";

const FAILURES_ALLOWED = 10;

type Attempt = { email: string; password: string; headers?: Record<string, string>; callbackUrl?: string };

async function attempt(request: APIRequestContext, { headers, ...credentials }: Attempt): Promise<APIResponse> {
  const { csrfToken } = await (await request.get(at("/api/auth/csrf"))).json();
  const form = { ...credentials, csrfToken, json: "true" };
  return request.post(at("/api/auth/callback/credentials"), { form, headers });
}

/** A client with its own address, which may claim others, so that its failures don't affect other tests. */
async function guesser() {
  const from = newLoopbackAddress();
  const csrf = await sendRaw({ path: "/api/auth/csrf", from });
  const cookie: [string, string] = ["Cookie", csrf.headers["set-cookie"]?.split(";")[0] ?? ""];
  const type: [string, string] = ["Content-Type", "application/x-www-form-urlencoded"];
  const { csrfToken } = JSON.parse(csrf.body);
  return async (email: string, password: string, headers: [string, string][] = []) => {
    const body = new URLSearchParams({ email, password, csrfToken, json: "true" }).toString();
    const path = "/api/auth/callback/credentials";
    return (await sendRaw({ method: "POST", path, from, headers: [cookie, type, ...headers], body })).status;
  };
}

/** Uses up all allowed failures, each time with another claimed address. */
async function exhaust(email: string): Promise<void> {
  const guess = await guesser();
  for (let index = 0; index < FAILURES_ALLOWED; index++) {
    const claimed = `203.0.113.${index}`;
    const headers: [string, string][] = [
      ["X-Forwarded-For", claimed],
      ["X-Real-IP", claimed],
      ["Forwarded", `for=${claimed}`],
    ];
    expect(await guess(email, `wrong ${index}`, headers)).toBe(401);
  }
}

/** Moves the window back by this time. */
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
    await expect(page.getByRole("alert").filter({ hasText: "Incorrect email or password." })).toBeVisible();
    await expect(page.getByLabel("Email")).toHaveValue(email);
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
  await exhaust(developer.email);
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
  await expect(page.getByRole("heading", { name: "API keys", exact: true })).toBeVisible();
});

test("an unknown account is throttled like a known one, so that a throttle tells nothing", async ({ request }) => {
  const email = `${crypto.randomUUID()}@example.com`;
  await exhaust(email);
  expect((await attempt(request, { email, password: "right or wrong" })).status()).toBe(429);
});

test("fifty guesses at once count as fifty", async ({ developer }) => {
  const guess = await guesser();
  const guesses = Array.from({ length: 50 }, (_, index) => guess(developer.email, `guess ${index}`));
  const statuses = await Promise.all(guesses);
  expect(statuses.filter((status) => status === 401)).toHaveLength(FAILURES_ALLOWED);
  expect(statuses.filter((status) => status === 429)).toHaveLength(50 - FAILURES_ALLOWED);
});

test("a success forgets the failures before it", async ({ request, developer }) => {
  const right = { email: developer.email, password: developer.password };
  for (let round = 0; round < 2; round++) {
    const guess = await guesser();
    for (let index = 0; index < FAILURES_ALLOWED - 1; index++) await guess(developer.email, "wrong");
    expect((await attempt(request, right)).status()).toBe(200);
  }
});

test("of many accounts tried from one address, fifty are looked at, and other addresses are none the worse", async ({
  request,
  developer,
}) => {
  const guess = await guesser();
  const statuses: number[] = [];
  for (let round = 0; round < 6; round++) {
    const batch = Array.from({ length: 10 }, () => guess(`${crypto.randomUUID()}@example.com`, "Summer2026!"));
    statuses.push(...(await Promise.all(batch)));
  }
  expect(statuses).toEqual([...Array(50).fill(401), ...Array(10).fill(429)]);
  expect(await guess("no address", "Summer2026!")).toBe(429);
  expect(await guess(developer.email, developer.password)).toBe(429);
  expect((await attempt(request, developer)).status()).toBe(200);
});

test("a browser that signed in before gets in while others guess, until the password is changed elsewhere", async ({
  page,
  browser,
  developer,
}) => {
  const elsewhere = await browser.newContext();
  for (const context of [page.context(), elsewhere]) await signIn(context, developer);
  const known = (await page.context().cookies()).find(({ name }) => name === "latchkey.browser");
  expect(known).toMatchObject({ httpOnly: true, sameSite: "Lax", path: "/" });

  await page.goto("/account");
  const password = "other words to type instead";
  await page.getByLabel("Current password").fill(developer.password);
  await page.getByLabel("New password").fill(password);
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(toast(page, "Password changed")).toBeVisible();
  await page.getByRole("button", { name: "Sign out here" }).click();
  await expect(page).toHaveURL("/sign-in");

  await exhaust(developer.email);
  const right = { email: developer.email, password };
  expect((await attempt(elsewhere.request, right)).status()).toBe(429);
  await signInByForm(page, right);
  await expect(page.getByRole("heading", { name: "API keys", exact: true })).toBeVisible();
  await elsewhere.close();
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
  await expect(page.getByRole("heading", { name: "API keys", exact: true })).toBeVisible();
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
