import type { Locator, Page } from "@playwright/test";
import { createTestKey, createTestMember } from "@/lib/testing/fixtures";
import { expectAccessible } from "./accessible";
import { at, auditOf, callApi, expect, type Person, signIn, sql, TOKEN, test, toast } from "./fixtures";

async function membersPage(page: Page, person: Person, team: { slug: string }): Promise<void> {
  await signIn(page.context(), person);
  await page.goto(`/${team.slug}/settings/members`);
}

const rowOf = (page: Page, { name }: { name: string }): Locator =>
  page.getByRole("region", { name: "Members", exact: true }).getByRole("row").filter({ hasText: name });

async function choose(page: Page, { name }: { name: string }, action: string): Promise<void> {
  await page.getByRole("button", { name: `Actions for ${name}` }).click();
  await page.getByRole("menuitem", { name: action }).click();
}

/** The status for a request with the token; retried if there was no decision, because the machine is busy. */
async function statusOf(token: string): Promise<number> {
  const { status } = await callApi(token, "/api/v1/me");
  return status === 503 ? statusOf(token) : status;
}

test("a member who is given another role does less from the next request of their key on", async ({
  page,
  team,
  join,
  developer,
}) => {
  const { token } = await createTestKey(developer.actor, { scopes: ["events.read", "events.write"] });
  await membersPage(page, await join("Admin"), team);
  await expect(rowOf(page, developer).getByRole("cell", { name: "1", exact: true })).toBeVisible();
  await expectAccessible(page);

  await choose(page, developer, "Change role");
  await page.getByRole("dialog").getByLabel("Role").selectOption("Viewer");
  await expect(page.getByText("1 key loses 1 scope.")).toBeVisible();
  await expect(page.getByText(`${developer.name} and 1 of their keys lose events.write.`)).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Save role" }).click();
  await expect(toast(page, `Changed ${developer.name}'s role`)).toBeVisible();
  await expect(rowOf(page, developer)).toContainText("Viewer");
  const { body } = await callApi(token, "/api/v1/me");
  expect(body.data).toMatchObject({ scopes: ["events.read"] });
});

test("an address that nobody confirmed is marked, and a program gets it once an admin has confirmed it", async ({
  page,
  browser,
  team,
  join,
  developer,
}) => {
  await sql("update users set confirmed_email = null where email = $1", [developer.email]);
  const { token } = await createTestKey(developer.actor);
  const emailForPrograms = async () =>
    ((await callApi(token, "/api/v1/me")).body.data as unknown as { member: { email: string } }).member.email;
  expect(await emailForPrograms()).toBe("");

  const own = await browser.newContext({ baseURL: at("/") });
  const account = await own.newPage();
  await signIn(own, developer);
  await account.goto("/account");
  await expect(account.getByText("Ask a team admin to confirm it on the Members screen.")).toBeVisible();
  await expect(account.getByLabel("Email")).toHaveAccessibleDescription(/Unconfirmed\./);
  await expectAccessible(account);
  const ownMenu = account.getByRole("button", { name: `Account of ${developer.name}` });
  for (const path of ["/account", `/${team.slug}/settings/api-keys`]) {
    await account.goto(path);
    await ownMenu.click();
    await expect(account.getByText(`Signed in as ${developer.email}, unconfirmed`)).toBeVisible();
    await account.keyboard.press("Escape");
  }

  await membersPage(page, await join("Admin"), team);
  await expect(rowOf(page, developer).getByText("Unconfirmed")).toBeVisible();
  await expectAccessible(page);
  await choose(page, developer, "Confirm email");
  await expect(page.getByRole("dialog").getByText(developer.email)).toBeVisible();
  await page.getByRole("button", { name: "Confirm email" }).click();
  await expect(toast(page, `Confirmed ${developer.email}`)).toBeVisible();
  await expect(rowOf(page, developer).getByText("Unconfirmed")).toHaveCount(0);
  expect(await emailForPrograms()).toBe(developer.email);
  expect(await auditOf(team, "member.address_confirmed")).toMatchObject([{ details: { email: developer.email } }]);

  await page.getByRole("button", { name: `Actions for ${developer.name}` }).click();
  await expect(page.getByRole("menuitem", { name: "Change role" })).toBeVisible();
  await expect(page.getByRole("menuitem", { name: "Confirm email" })).toHaveCount(0);
  await account.goto("/account");
  await expect(account.getByText("Unconfirmed")).toHaveCount(0);
  await ownMenu.click();
  await expect(account.getByText(`Signed in as ${developer.email}, Account`)).toBeVisible();
  await own.close();
});

test("a disabled member's key gets 401 and their page is gone, until they are enabled again", async ({
  page,
  browser,
  team,
  join,
  developer,
}) => {
  const { token } = await createTestKey(developer.actor);
  const context = await browser.newContext();
  const theirs = await context.newPage();
  await signIn(context, developer);
  const keys = new URL(`/${team.slug}/settings/api-keys`, process.env.BASE_URL).href;
  await membersPage(page, await join("Admin"), team);

  await choose(page, developer, "Disable");
  await expect(page.getByRole("dialog")).toContainText("their active key stops");
  await page.getByRole("button", { name: "Disable member" }).click();
  await expect(toast(page, `Disabled ${developer.name}`)).toBeVisible();
  await expect(rowOf(page, developer)).toContainText("Disabled");
  expect(await statusOf(token)).toBe(401);
  expect((await theirs.goto(keys))?.status()).toBe(404);

  await choose(page, developer, "Enable");
  await page.getByRole("button", { name: "Enable member" }).click();
  await expect(toast(page, `Enabled ${developer.name}`)).toBeVisible();
  expect(await statusOf(token)).toBe(200);
  expect((await theirs.goto(keys))?.status()).toBe(200);
  await context.close();
});

test("before a member goes, each of their keys can be revoked or made a team key", async ({
  page,
  browser,
  team,
  join,
  developer,
}) => {
  const [revoked, replaced, kept] = [
    await createTestKey(developer.actor, { name: "Old script" }),
    await createTestKey(developer.actor, { name: "Zapier" }),
    await createTestKey(developer.actor, { name: "Nightly export" }),
  ];
  const context = await browser.newContext();
  await signIn(context, developer);
  const theirs = await context.newPage();
  await membersPage(page, await join("Admin"), team);
  await choose(page, developer, "Remove from team");
  const dialog = page.getByRole("dialog", { name: `Remove ${developer.name} from the team?` });
  await expect(dialog.getByText(/3 personal keys will stop working/)).toBeVisible();
  await dialog.getByLabel("Action for Zapier").selectOption({ label: "Convert to a team key with a new token" });
  await dialog
    .getByLabel("Action for Nightly export")
    .selectOption({ label: "Convert to a team key with the same token" });
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Remove member" }).click();
  const acceptance = dialog.getByRole("checkbox", { name: /I understand that/ });
  await expect(acceptance).toHaveAccessibleDescription(/Confirm this, or choose a new token/);
  expect(await statusOf(revoked.token)).toBe(200);
  await acceptance.check();
  await dialog.getByRole("button", { name: "Remove member" }).click();

  const done = page.getByRole("dialog", { name: `${developer.name} was removed` });
  const field = done.getByRole("textbox", { name: "Token of “Zapier”" });
  await expect(field).toHaveValue(TOKEN);
  const token = await field.inputValue();
  await expect(done.getByRole("region", { name: "Revoked" })).toContainText("Old script");
  await expect(done.getByRole("region", { name: "Converted to team keys" })).toContainText("Nightly export");
  await expectAccessible(page);
  expect(await statusOf(token)).toBe(200);
  expect(await statusOf(kept.token)).toBe(200);
  expect(await statusOf(revoked.token)).toBe(401);
  expect(await statusOf(replaced.token)).toBe(401);
  await done.getByRole("button", { name: "Done" }).click();
  await expect(done.getByRole("alert")).toContainText("You haven’t copied the token.");
  await done.getByRole("button", { name: "Close without copying" }).click();
  await expect(toast(page, `Removed ${developer.name}: 1 key revoked, 2 keys converted`)).toBeVisible();
  await expect(rowOf(page, developer)).toHaveCount(0);
  expect(await page.content()).not.toContain(token);

  const gone = await theirs.goto(new URL(`/${team.slug}/settings/api-keys`, process.env.BASE_URL).href);
  expect(gone?.status()).toBe(404);
  expect(await auditOf(team, "api_key.handed_over")).toHaveLength(2);
  expect(await auditOf(team, "member.removed")).toMatchObject([
    { details: { role: "Developer", keys_revoked: 1, keys_handed_over: 2 } },
  ]);
  await context.close();
});

test("a key that the member makes while it is decided is shown before it stops", async ({
  page,
  team,
  join,
  developer,
}) => {
  const listed = await createTestKey(developer.actor, { name: "Listed" });
  await membersPage(page, await join("Admin"), team);
  await choose(page, developer, "Remove from team");
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("listitem")).toHaveCount(1);
  const late = await createTestKey(developer.actor, { name: "Late" });
  await dialog.getByRole("button", { name: "Remove member" }).click();
  await expect(
    dialog.getByRole("alert").filter({ hasText: `${developer.name} has created another key. Nothing was changed` }),
  ).toBeVisible();
  await expect(dialog.getByRole("listitem")).toHaveCount(2);
  await expect(dialog.getByText("Late", { exact: true })).toBeVisible();
  for (const { token } of [listed, late]) expect(await statusOf(token)).toBe(200);
  await dialog.getByRole("button", { name: "Remove member" }).click();
  await expect(toast(page, `Removed ${developer.name}: 2 keys revoked`)).toBeVisible();
  for (const { token } of [listed, late]) expect(await statusOf(token)).toBe(401);
});

test("the last Admin can be neither demoted nor removed", async ({ page, team, admin }) => {
  await sql("update members set removed_at = now() where team_id = $1 and id <> $2", [team.id, admin.actor.memberId]);
  await membersPage(page, admin, team);
  await page.getByRole("button", { name: `Actions for ${admin.name}` }).click();
  await expect(page.getByRole("menuitem")).toHaveText(["Change role"]);
  await page.getByRole("menuitem", { name: "Change role" }).click();
  const dialog = page.getByRole("dialog", { name: "Change your own role" });
  await dialog.getByLabel("Role").selectOption("Member");
  await dialog.getByRole("button", { name: "Save role" }).click();
  await expect(dialog.getByRole("alert").filter({ hasText: "A team needs at least one active Admin." })).toBeVisible();
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await page.reload();
  await expect(rowOf(page, admin)).toContainText("Admin");
});

test("who manages members with a smaller role can change nobody with a bigger one, nor give one", async ({
  page,
  team,
  join,
}) => {
  const [admin, viewer, manager] = [await join("Admin"), await join("Viewer"), await join("Member")];
  await sql(
    "update roles set permissions = array_append(permissions, 'team.manage_members') where team_id = $1 and name = 'Member'",
    [team.id],
  );
  await membersPage(page, manager, team);
  await expect(rowOf(page, admin)).toBeVisible();
  await expect(page.getByRole("button", { name: `Actions for ${admin.name}` })).toHaveCount(0);
  await choose(page, viewer, "Change role");
  await expect(page.getByRole("dialog").getByLabel("Role").getByRole("option")).toHaveText(["Member", "Viewer"]);
});

test("a Developer gets neither the page nor a link to it", async ({ page, team, developer }) => {
  await signIn(page.context(), developer);
  expect((await page.goto(`/${team.slug}/settings/members`))?.status()).toBe(403);
  await page.goto(`/${team.slug}`);
  await expect(page.getByRole("link", { name: "Members" })).toHaveCount(0);
});

test("a big team is shown page by page, and anybody in it is found by name or e-mail", async ({
  page,
  team,
  admin,
}) => {
  const members = [];
  for (let count = 0; count < 60; count++) members.push(await createTestMember(team, { role: "Viewer" }));
  const first = members[0] as { name: string };
  await membersPage(page, admin, team);
  await expect(page.getByText("62 members")).toBeVisible();
  const rows = page.getByRole("region", { name: "Members", exact: true }).getByRole("row");
  await expect(rows).toHaveCount(51);
  await page.getByRole("link", { name: "Older" }).click();
  await expect(rows).toHaveCount(13);
  const search = page.getByRole("searchbox", { name: "Search by name or email" });
  await search.fill(first.name.slice(5));
  await expect(rows).toHaveCount(2);
  await expect(rowOf(page, first)).toBeVisible();
  await search.fill("nobody is called this");
  await expect(page.getByText("No members found.")).toBeVisible();
});
