import type { Page } from "@playwright/test";
import { createTestKey, createTestTeam, inDays } from "@/lib/testing/fixtures";
import { expectAccessible } from "./accessible";
import {
  auditOf,
  test as base,
  callApi,
  captureAction,
  chooseAction,
  closeToken,
  countKeys,
  createKey,
  expect,
  type Person,
  rowOf,
  sendAction,
  signIn,
  sql,
  toast,
} from "./fixtures";

const GATEWAY = { kind: "team", name: "API gateway", scopes: ["keys.verify"] } as const;

/** The team keys of a signed-in Admin. */
const test = base.extend<{ teamKeysPage: Page }>({
  teamKeysPage: async ({ page, team, admin }, use) => {
    await signIn(page.context(), admin);
    await page.goto(`/${team.slug}/settings/api-keys?kind=team`);
    await use(page);
  },
});

const newKey = ({ scopes, ...key }: typeof GATEWAY) => ({ ...key, scopes: [...scopes] });
const tab = (page: Page, name: string) => page.getByRole("link", { name, exact: true });

test("a team key that verifies is made, shown once, used, renamed and revoked by an Admin", async ({
  teamKeysPage: page,
  team,
}) => {
  const token = await createKey(page, newKey(GATEWAY));
  expect(token).toMatch(/^lk_key_/);
  const dialog = page.getByRole("dialog", { name: "“API gateway” is ready" });
  await expect(dialog).not.toContainText("as you");
  await expect(dialog.getByRole("textbox", { name: "Try it" })).toHaveValue(
    /-d '\{"token":"[^"]+"\}' \S+\/api\/v1\/verify$/,
  );
  expect(await callApi(token, "/api/v1/me")).toMatchObject({
    status: 200,
    body: { data: { scopes: ["keys.verify"] } },
  });
  await expect(dialog.getByText("First request received")).toBeVisible();
  await closeToken(page);
  const row = rowOf(page, "API gateway");
  await expect(row).toContainText(`${token.slice(0, 11)}…${token.slice(-4)}`);
  await expect(row).toContainText("keys.verify");
  await expect(page.getByText("1 active")).toBeVisible();

  await chooseAction(page, "API gateway", "Edit name");
  await page.getByRole("dialog").getByLabel("Name").fill("Gateway, Frankfurt");
  await page.getByRole("button", { name: "Save name" }).click();
  await expect(rowOf(page, "Gateway, Frankfurt")).toBeVisible();

  await chooseAction(page, "Gateway, Frankfurt", "Revoke");
  await expect(page.getByRole("dialog")).toContainText("can no longer do so");
  await page.getByRole("button", { name: "Revoke key" }).click();
  await expect(toast(page, "Revoked Gateway, Frankfurt")).toBeVisible();
  expect((await callApi(token, "/api/v1/me")).status).toBe(401);
  await expect(rowOf(page, "Gateway, Frankfurt").getByText("Revoked", { exact: true })).toBeVisible();
  const [created] = await auditOf(team, "api_key.created");
  const [renamed] = await auditOf(team, "api_key.renamed");
  const [revoked] = await auditOf(team, "api_key.revoked");
  for (const entry of [created, renamed, revoked]) expect(entry?.details).toMatchObject({ kind: "team" });
});

test("a team key that verifies answers for the team's other keys, and for nobody else's", async ({
  teamKeysPage: page,
  developer,
  join,
}) => {
  const gateway = await createKey(page, newKey(GATEWAY));
  const stranger = await join("Developer", { team: await createTestTeam() });
  const verify = async ({ actor }: Person) => {
    const { token } = await createTestKey(actor);
    return (await callApi(gateway, "/api/v1/verify", { method: "POST", body: JSON.stringify({ token }) })).body;
  };
  expect(await verify(developer)).toMatchObject({ data: { valid: true, scopes: ["events.read"] } });
  expect(await verify(stranger)).toMatchObject({ data: { valid: false, code: "not_found" } });
});

test("one's own keys and the team's are apart, each under its tab, with search and status in the address", async ({
  teamKeysPage: page,
  admin,
}) => {
  await createTestKey(admin.actor, { name: "Ada's laptop" });
  await createTestKey(admin.actor, { kind: "team", name: "CI" });
  await createTestKey(admin.actor, { kind: "team", name: "Old CI", expiresAt: inDays(-3) });
  await page.reload();
  await expect(tab(page, "Team keys")).toHaveAttribute("aria-current", "page");
  await expect(page.getByRole("row")).toHaveCount(3);
  await page.getByRole("combobox", { name: "Status" }).selectOption({ label: "Expired" });
  await page.getByRole("searchbox", { name: "Search by name or prefix" }).fill("ci");
  await expect(page).toHaveURL((url) => url.search === "?kind=team&q=ci&status=expired");
  await expect(rowOf(page, "Old CI")).toBeVisible();
  await expect(page.getByRole("row")).toHaveCount(2);
  await page.reload();
  await expect(page.getByRole("row")).toHaveCount(2);

  await tab(page, "My keys").click();
  await expect(rowOf(page, "Ada's laptop")).toBeVisible();
  await expect(page.getByRole("row")).toHaveCount(2);
  await expect(page.getByText("1 of 10 active")).toBeVisible();
  await expect(page.getByRole("searchbox", { name: "Search by name or prefix" })).toHaveValue("");
  await page.goBack();
  await expect(rowOf(page, "Old CI")).toBeVisible();
  await expect(page.getByRole("searchbox", { name: "Search by name or prefix" })).toHaveValue("ci");
});

test("no preset contains verifying keys, and a personal key is not offered it nor given it", async ({
  teamKeysPage: page,
  team,
}) => {
  await page.getByRole("button", { name: "Create team key" }).click();
  const dialog = page.getByRole("dialog", { name: "Create team key" });
  const verify = dialog.getByRole("checkbox", { name: "keys.verify" });
  for (const preset of ["Full access", "Read only"]) {
    await dialog.getByRole("button", { name: preset }).click();
    await expect(dialog.getByRole("button", { name: preset })).toHaveAttribute("aria-pressed", "true");
    await expect(verify).not.toBeChecked();
  }
  await page.keyboard.press("Escape");

  await tab(page, "My keys").click();
  const create = await captureAction(page, async () => {
    await page.getByRole("button", { name: "Create API key" }).click();
    const own = page.getByRole("dialog", { name: "Create API key" });
    await expect(own.getByRole("checkbox", { name: "keys.verify" })).toHaveCount(0);
    await own.getByRole("button", { name: "Full access" }).click();
    await own.getByRole("button", { name: "Create API key" }).click();
  });
  await expect(page.getByRole("textbox", { name: "Token" })).toBeVisible();
  const [slug, input] = create.args as [string, Record<string, unknown>];
  const asked = { ...create, args: [slug, { ...input, scopes: ["keys.verify"] }] };
  const { result } = await sendAction(page.context(), asked);
  expect(result).toMatchObject({ ok: false, error: { message: "Only a team key can have keys.verify." } });
  expect(await countKeys(team)).toBe(1);
});

test("a Developer sees no tab, and neither the address nor an action gives them a team key", async ({
  keysPage,
  browser,
  team,
  join,
}) => {
  await expect(keysPage.getByRole("navigation", { name: "Whose keys" })).toHaveCount(0);
  await expect(keysPage.getByText("Team keys")).toHaveCount(0);
  expect((await keysPage.goto(`/${team.slug}/settings/api-keys?kind=team`))?.status()).toBe(403);

  const context = await browser.newContext();
  await signIn(context, await join("Admin"));
  const admins = await context.newPage();
  await admins.goto(`/${team.slug}/settings/api-keys?kind=team`);
  const create = await captureAction(admins, () => createKey(admins, newKey(GATEWAY)));
  await closeToken(admins);
  await chooseAction(admins, "API gateway", "Edit name");
  const rename = await captureAction(admins, () => admins.getByRole("button", { name: "Save name" }).click());
  await expect(toast(admins, "Name saved")).toBeVisible();
  const refused = await sendAction(keysPage.context(), create);
  expect(refused.result).toMatchObject({ ok: false, error: { code: "forbidden" } });
  expect(refused.result?.error?.message).toContain("“Manage team keys” (under Team)");
  // The key is only visible to members who manage it.
  const { result } = await sendAction(keysPage.context(), rename);
  expect(result).toMatchObject({ ok: false, error: { code: "not_found" } });
  expect(await countKeys(team)).toBe(1);
  await context.close();
});

test("whoever manages team keys alone gets the team's keys, without tabs, and scopes up to their own role", async ({
  page,
  team,
  developer,
}) => {
  await sql("update roles set permissions = '{team.manage_keys,events.read}' where team_id = $1 and name = $2", [
    team.id,
    "Developer",
  ]);
  await signIn(page.context(), developer);
  await page.goto(`/${team.slug}`);
  await expect(page.getByRole("heading", { name: "No team keys yet" })).toBeVisible();
  await expect(page.getByRole("navigation", { name: "Whose keys" })).toHaveCount(0);
  await page.getByRole("button", { name: "Create the first team key" }).click();
  await expect(page.getByRole("dialog").getByRole("checkbox")).toHaveCount(2);
  await page.keyboard.press("Escape");
  await createKey(page, { kind: "team", name: "CI", scopes: ["events.read"] });
  await closeToken(page);
  await expect(rowOf(page, "CI")).toBeVisible();
  expect((await page.goto(`/${team.slug}/settings/api-keys?kind=personal`))?.status()).toBe(403);
});

test("a team key made by somebody who then leaves goes on working, and stays in the list", async ({
  teamKeysPage: page,
  team,
  admin,
  join,
  browser,
}) => {
  const token = await createKey(page, newKey(GATEWAY));
  await sql("update members set removed_at = now() where id = $1", [admin.actor.memberId]);
  expect((await callApi(token, "/api/v1/me")).status).toBe(200);
  const context = await browser.newContext();
  await signIn(context, await join("Admin"));
  const others = await context.newPage();
  await others.goto(`/${team.slug}/settings/api-keys?kind=team`);
  await expect(rowOf(others, "API gateway").getByText("Active", { exact: true })).toBeVisible();
  await context.close();
});

test("the tabs are reached and followed with the keyboard, and focus stays on them", async ({ teamKeysPage: page }) => {
  const mine = tab(page, "My keys");
  await page.getByRole("button", { name: "Create team key" }).focus();
  await page.keyboard.press("Tab");
  await expect(mine).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "No API keys yet" })).toBeVisible();
  await expect(mine).toBeFocused();
  await expect(mine).toHaveAttribute("aria-current", "page");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "No team keys yet" })).toBeVisible();
  await expect(tab(page, "Team keys")).toBeFocused();
});

test("the team's keys, empty and listed, and the way to a token are accessible", async ({
  teamKeysPage: page,
  admin,
}) => {
  await expect(page.getByRole("heading", { name: "No team keys yet" })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Create the first team key" }).click();
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await createKey(page, newKey(GATEWAY));
  await expectAccessible(page);
  await closeToken(page);
  await createTestKey(admin.actor, { kind: "team", name: "x".repeat(80), revokedAt: new Date() });
  await page.reload();
  await expect(rowOf(page, "API gateway")).toBeVisible();
  await expectAccessible(page);
  await chooseAction(page, "API gateway", "Revoke");
  await expectAccessible(page);
});
