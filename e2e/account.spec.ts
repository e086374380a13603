import type { BrowserContext, Page } from "@playwright/test";
import { createTestTeam, createTestUser } from "@/lib/testing/fixtures";
import { expectAccessible } from "./accessible";
import {
  auditOf,
  test as base,
  callApi,
  captureAction,
  expect,
  type Person,
  sendAction,
  signIn,
  signInByForm,
  sql,
  toast,
} from "./fixtures";

/** The signed-in developer's account page. */
const test = base.extend<{ accountPage: Page }>({
  accountPage: async ({ page, developer }, use) => {
    await signIn(page.context(), developer);
    await page.goto("/account");
    await use(page);
  },
});

const sessions = (page: Page) => page.getByRole("region", { name: "Active sessions" });
const NEW_PASSWORD = "other words to type instead";

async function changePassword(page: Page, current: string, password: string): Promise<void> {
  await page.getByLabel("Current password").fill(current);
  await page.getByLabel("New password").fill(password);
  await page.getByRole("button", { name: "Change password" }).click();
}

test("the menu leads to the account, where the name is changed for every team to see", async ({
  keysPage: page,
  team,
  developer,
}) => {
  await page.getByRole("button", { name: /^Account of/ }).click();
  await page.getByRole("menuitem", { name: "Account" }).click();
  await expect(page.getByRole("heading", { name: "Account", exact: true })).toBeVisible();
  await expect(page.getByLabel("Email")).toHaveValue(developer.email);

  await page.getByLabel("Name").fill("  ");
  await page.getByRole("button", { name: "Save name" }).click();
  await expect(page.getByText("Enter your name.")).toBeVisible();
  await page.getByLabel("Name").fill("Ada Lovelace");
  await page.getByRole("button", { name: "Save name" }).click();
  await expect(toast(page, "Name saved")).toBeVisible();
  await expect(page.getByRole("button", { name: /^Account of Ada Lovelace/ })).toBeVisible();
  expect(await auditOf(team, "user.profile_changed")).toMatchObject([
    { actor_id: developer.actor.userId, details: { name: { from: developer.name, to: "Ada Lovelace" } } },
  ]);
  await page.getByRole("navigation", { name: "Your teams" }).getByRole("link").click();
  await expect(page).toHaveURL(new RegExp(`/${team.slug}/settings`));
});

test("a new password signs out the other browser and not this one, and the old one is no good any longer", async ({
  accountPage: page,
  browser,
  developer,
}) => {
  const other = await browser.newContext();
  await signIn(other, developer);
  const elsewhere = await other.newPage();

  await changePassword(page, "not this one", NEW_PASSWORD);
  await expect(page.getByText("This isn't your current password.")).toBeVisible();
  await changePassword(page, developer.password, "password1");
  await expect(page.getByText(/commonly used password/)).toBeVisible();
  await changePassword(page, developer.password, NEW_PASSWORD);
  await expect(toast(page, "Password changed; signed out of 1 other session")).toBeVisible();
  await expect(page.getByLabel("New password")).toHaveValue("");

  await page.reload();
  await expect(sessions(page).getByRole("listitem")).toHaveCount(1);
  await elsewhere.goto("/account");
  await expect(elsewhere).toHaveURL(/\/sign-in\?callbackUrl=%2Faccount/);
  await signInByForm(elsewhere, developer);
  await expect(elsewhere.getByRole("alert").first()).toBeVisible();
  await signInByForm(elsewhere, { email: developer.email, password: NEW_PASSWORD });
  await expect(elsewhere.getByRole("heading", { name: "Account", exact: true })).toBeVisible();
  await other.close();
});

test("each place is listed in plain words and can be signed out of by itself, or all the others at once", async ({
  accountPage: page,
  browser,
  developer,
  team,
}) => {
  const others: BrowserContext[] = [];
  for (const userAgent of [
    "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.6 Mobile/15E148 Safari/604.1",
    "curl/8.9.1",
  ]) {
    const context = await browser.newContext({ userAgent });
    await signIn(context, developer);
    others.push(context);
  }
  await page.reload();
  const places = sessions(page).getByRole("listitem");
  await expect(places).toHaveCount(4);
  await expect(places.first()).toContainText("This device");
  await expect(places.first()).toContainText(/127\.0\.0\.1|::1/);
  await page.getByRole("button", { name: "Sign out of Firefox on Linux" }).click();
  await expect(toast(page, "Signed out of Firefox on Linux")).toBeVisible();
  await expect(places).toHaveCount(3);
  const visit = async (index: number) => {
    const answer = await others[index]?.request.get("/account", { maxRedirects: 0 });
    return answer?.status();
  };
  expect(await visit(0)).toBe(307);
  expect(await visit(1)).toBe(200);

  await page.getByRole("button", { name: "Sign out everywhere else" }).click();
  await expect(places).toHaveCount(1);
  expect(await visit(1)).toBe(307);
  expect(await auditOf(team, "session.signed_out_elsewhere")).toMatchObject([{ details: { sessions: 2 } }]);
  await page.getByRole("button", { name: "Sign out here" }).click();
  await expect(page).toHaveURL("/sign-in");
  for (const context of others) await context.close();
});

test("another person's session isn't found, whoever asks", async ({ accountPage: page, browser, developer, join }) => {
  const other = await browser.newContext();
  await signIn(other, developer);
  const colleague = await join("Admin");
  const theirs = await browser.newContext();
  await signIn(theirs, colleague);
  await page.reload();
  const call = await captureAction(page, () =>
    page
      .getByRole("button", { name: /^Sign out of / })
      .first()
      .click(),
  );
  const [row] = await sql<{ id: string }>("select id from sessions where user_id = $1", [colleague.actor.userId]);
  const answer = await sendAction(page.context(), { ...call, args: [{ id: row?.id }] });
  expect(answer.result).toMatchObject({ ok: false, error: { code: "not_found" } });
  expect((await theirs.request.get("/account", { maxRedirects: 0 })).status()).toBe(200);
  await other.close();
  await theirs.close();
});

test("who makes too many session tokens is told when there is another one, and no entry is written", async ({
  accountPage: page,
  developer,
  team,
}) => {
  await sql("insert into rate_limits (key, points, expire) values ($1, 60, $2)", [
    `session_tokens:${developer.actor.userId}`,
    Date.now() + 30 * 60_000,
  ]);
  await page.getByRole("button", { name: "Create session token" }).click();
  const alert = page.getByRole("alert").filter({ hasText: "You've reached the limit of 60 session tokens per hour." });
  await expect(alert).toContainText(/Try again in (29|30) minutes\./);
  expect(await auditOf(team, "session_token.created")).toHaveLength(0);
  const answer = await page.request.post("/api/v1/session-token", { headers: { "sec-fetch-site": "same-origin" } });
  expect(answer.status()).toBe(429);
  expect(Number(answer.headers()["retry-after"])).toBeGreaterThan(1_000);
});

test("a session token is shown once, works for the REST API, and ends with the session", async ({
  accountPage: page,
  team,
  developer,
}) => {
  await page.getByRole("button", { name: "Create session token" }).click();
  const dialog = page.getByRole("dialog", { name: "Your session token" });
  const token = await dialog.getByRole("textbox", { name: "Session token" }).inputValue();
  expect(token).toMatch(/^lk_ses_[0-9a-f]{72}$/);
  const command = await dialog.getByRole("textbox", { name: "List your API keys with it" }).inputValue();
  expect(command).toMatch(/^curl -H "Authorization: Bearer lk_ses_\w+" http\S+\/api\/v1\/api-keys$/);
  await expectAccessible(page);
  expect(await callApi(token, "/api/v1/api-keys")).toMatchObject({ status: 200, body: { success: true } });

  await dialog.getByRole("button", { name: "Done" }).click();
  expect(await page.content()).not.toContain(token);
  const entries = await auditOf(team, "session_token.created");
  expect(entries).toMatchObject([{ actor_id: developer.actor.userId }]);
  expect(JSON.stringify(entries)).not.toContain(token.slice(7, 40));
  await page.getByRole("button", { name: "Sign out here" }).click();
  await expect(page).toHaveURL("/sign-in");
  expect((await callApi(token, "/api/v1/api-keys")).status).toBe(401);
});

test("who belongs to no team has an account too, and who isn't signed in has none", async ({ page, browser }) => {
  const password = "plenty of words to type";
  const user = await createTestUser(password);
  await signIn(page.context(), { ...user, password } as unknown as Person);
  await page.goto("/");
  await page.getByRole("link", { name: "Your account" }).click();
  await expect(page.getByRole("heading", { name: "Account", exact: true })).toBeVisible();
  await page.getByLabel("Name").fill("Nobody's member");
  await page.getByRole("button", { name: "Save name" }).click();
  await expect(toast(page, "Name saved")).toBeVisible();
  const stranger = await browser.newContext();
  expect((await stranger.request.get("/account", { maxRedirects: 0 })).status()).toBe(307);
  await stranger.close();
});

test("the account is accessible in both themes, wide and narrow", async ({ accountPage: page, join, developer }) => {
  await join("Viewer", { team: await createTestTeam(), user: { ...developer, id: developer.actor.userId } });
  await page.reload();
  await expect(page.getByRole("navigation", { name: "Your teams" }).getByRole("link")).toHaveCount(2);
  await expectAccessible(page);
});
