import type { Browser, BrowserContext, Page } from "@playwright/test";
import { createTestKey } from "@/lib/testing/fixtures";
import { at, callApi, expect, type Person, signIn, sql, test } from "./fixtures";

const SESSION_COOKIE = "latchkey.session";

async function sessionCookie(context: BrowserContext) {
  const cookie = (await context.cookies()).find(({ name }) => name === SESSION_COOKIE);
  expect(cookie).toBeDefined();
  return cookie as NonNullable<typeof cookie>;
}

/** Sends a copied cookie from another browser. */
async function replay(browser: Browser, cookie: Awaited<ReturnType<typeof sessionCookie>>, path: string) {
  const context = await browser.newContext();
  await context.addCookies([cookie]);
  const page = await context.request.get(at(path), { maxRedirects: 0 });
  const session = await (await context.request.get(at("/api/auth/session"))).json();
  await context.close();
  return {
    status: page.status(),
    location: page.headers().location ?? "",
    body: await page.text().catch(() => ""),
    user: session.user,
  };
}

async function leaveBy(page: Page, person: Person, item: string): Promise<void> {
  await page.getByRole("button", { name: new RegExp(`^Account of ${person.name}`) }).click();
  await page.getByRole("menuitem", { name: item, exact: true }).click();
  await expect(page).toHaveURL("/sign-in");
}

test("a cookie that was copied before signing out opens nothing afterwards", async ({
  keysPage,
  browser,
  team,
  developer,
}) => {
  const path = `/${team.slug}/settings/api-keys`;
  const cookie = await sessionCookie(keysPage.context());
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Lax", path: "/" });
  expect(await replay(browser, cookie, path)).toMatchObject({ status: 200, user: { email: developer.email } });

  await leaveBy(keysPage, developer, "Sign out");
  expect((await keysPage.context().cookies()).map(({ name }) => name)).not.toContain(SESSION_COOKIE);
  const replayed = await replay(browser, cookie, path);
  expect(replayed).toMatchObject({ status: 307, user: undefined });
  expect(replayed.location).toMatch(/^\/sign-in\?/);

  await keysPage.goBack();
  await expect(keysPage.getByRole("button", { name: "Sign in" })).toBeVisible();
});

test("signing out everywhere ends the session of the other browser, signing out does not", async ({
  keysPage,
  browser,
  team,
  developer,
}) => {
  const other = await browser.newContext();
  const elsewhere = await other.newPage();
  const path = `/${team.slug}/settings/api-keys`;
  await signIn(other, developer);
  await leaveBy(keysPage, developer, "Sign out");
  await elsewhere.goto(path);
  await expect(elsewhere.getByRole("heading", { name: "API keys", exact: true })).toBeVisible();

  await signIn(keysPage.context(), developer);
  await keysPage.goto(path);
  await leaveBy(keysPage, developer, "Sign out everywhere");
  await elsewhere.getByRole("link", { name: "API keys" }).click();
  await expect(elsewhere).toHaveURL(/\/sign-in/);
  await other.close();
});

test("each sign-in makes a new session and ends the one that the browser had", async ({
  keysPage,
  browser,
  team,
  developer,
}) => {
  const first = await sessionCookie(keysPage.context());
  await signIn(keysPage.context(), developer);
  const second = await sessionCookie(keysPage.context());
  expect(second.value).not.toBe(first.value);
  expect(await replay(browser, first, `/${team.slug}/settings/api-keys`)).toMatchObject({
    status: 307,
    user: undefined,
  });
  expect(await replay(browser, second, `/${team.slug}/settings/api-keys`)).toMatchObject({ status: 200 });
});

const ENDINGS = [
  { what: "twelve hours without a request", change: "last_seen_at = now() - interval '12 hours 1 minute'" },
  { what: "seven days, however busy they were", change: "created_at = now() - interval '7 days 1 minute'" },
  { what: "its expiry", change: "expires_at = now() - interval '1 second'" },
];

for (const { what, change } of ENDINGS) {
  test(`a session ends after ${what}`, async ({ keysPage, developer }) => {
    await sql(`update sessions set ${change} where user_id = $1`, [developer.actor.userId]);
    await keysPage.getByRole("link", { name: "API keys" }).click();
    await expect(keysPage).toHaveURL(/\/sign-in/);
    await expect(keysPage.getByRole("button", { name: "Sign in" })).toBeVisible();
  });
}

test("a session that is used stays alive", async ({ keysPage, developer }) => {
  await sql("update sessions set last_seen_at = now() - interval '11 hours' where user_id = $1", [
    developer.actor.userId,
  ]);
  await keysPage.reload();
  await expect(async () => {
    const rows = await sql("select 1 from sessions where user_id = $1 and last_seen_at > now() - interval '1 minute'", [
      developer.actor.userId,
    ]);
    expect(rows).toHaveLength(1);
  }).toPass();
});

test("a disabled user is out on the next click, and so are their keys", async ({ keysPage, developer }) => {
  const { token } = await createTestKey(developer.actor);
  expect((await callApi(token, "/api/v1/me")).status).toBe(200);
  await sql("update users set disabled_at = now() where id = $1", [developer.actor.userId]);
  await keysPage.getByRole("link", { name: "API keys" }).click();
  await expect(keysPage).toHaveURL(/\/sign-in/);
  expect(await callApi(token, "/api/v1/me")).toMatchObject({ status: 401, body: { code: "invalid_token" } });
});
