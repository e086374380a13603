import type { BrowserContext, Page } from "@playwright/test";
import { createTestTeam } from "@/lib/testing/fixtures";
import { expectAccessible } from "./accessible";
import { at, auditOf, expect, type Person, signIn, signInByForm, sql, test, toast } from "./fixtures";

const LINK = /\/invite\?code=[\w-]{43}$/;

/** Creates an invitation in the dialog, closes it and returns the link. */
async function invite(page: Page, { email, role }: { email?: string; role?: string } = {}): Promise<string> {
  await page.getByRole("button", { name: "Invite member" }).click();
  const dialog = page.getByRole("dialog", { name: "Invite member" });
  if (email) await dialog.getByLabel("Email").fill(email);
  if (role) await dialog.getByLabel("Role").selectOption({ label: role });
  await dialog.getByRole("button", { name: "Create link" }).click();
  const field = page.getByRole("textbox", { name: "Link" });
  await expect(field).toHaveValue(LINK);
  const link = await field.inputValue();
  await page.getByRole("button", { name: "Done" }).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  return new URL(link).pathname + new URL(link).search;
}

async function membersPage(page: Page, person: Person, team: { slug: string }): Promise<void> {
  await signIn(page.context(), person);
  await page.goto(`/${team.slug}/settings/members`);
}

const memberRow = (page: Page, text: string) =>
  page.getByRole("region", { name: "Members", exact: true }).getByRole("row").filter({ hasText: text });

const closeAll = (contexts: BrowserContext[]) => Promise.all(contexts.map((context) => context.close()));

test("a copied link brings in somebody without an account, once", async ({ page, browser, team, admin }) => {
  await membersPage(page, admin, team);
  const path = await invite(page, { role: "Viewer" });
  await expect(page.getByRole("region", { name: "Invitations" }).getByText("Anyone with the link")).toBeVisible();

  const [guest, late] = [
    await browser.newContext({ baseURL: at("/") }),
    await browser.newContext({ baseURL: at("/") }),
  ];
  const [guestPage, latePage] = [await guest.newPage(), await late.newPage()];
  await latePage.goto(path);
  await guestPage.goto(path);
  await expect(guestPage.getByRole("heading", { name: /^Join Team / })).toBeVisible();
  await expect(guestPage.getByText(`${admin.name} invited you to join as Viewer.`)).toBeVisible();
  await expectAccessible(guestPage);

  const email = `guest-${team.slug}@example.com`;
  await guestPage.getByRole("button", { name: "Create account and join" }).click();
  await expect(guestPage.getByLabel("Your name")).toHaveAccessibleDescription(/Enter your name\./);
  await guestPage.getByLabel("Your name").fill("Grace Hopper");
  await guestPage.getByLabel("Your email").fill(email);
  await guestPage.getByLabel("Password").fill("password1");
  await guestPage.getByRole("button", { name: "Create account and join" }).click();
  await expect(guestPage.getByLabel("Password")).toHaveAccessibleDescription(/commonly used password/);
  await guestPage.getByLabel("Password").fill("a long walk by the sea");
  await guestPage.getByRole("button", { name: "Create account and join" }).click();
  await expect(guestPage).toHaveURL(new RegExp(`/${team.slug}(/|$)`));
  await expect(guestPage.getByRole("button", { name: "Account of Grace Hopper, Viewer" })).toBeVisible();

  await latePage.getByLabel("Your name").fill("Eve");
  await latePage.getByLabel("Your email").fill(`eve-${team.slug}@example.com`);
  await latePage.getByLabel("Password").fill("another long walk");
  await latePage.getByRole("button", { name: "Create account and join" }).click();
  await expect(
    latePage.getByRole("alert").filter({ hasText: "has expired, been used or been withdrawn" }),
  ).toBeVisible();
  await latePage.goto(path);
  await expect(latePage.getByRole("heading", { name: /can.t be used/ })).toBeVisible();
  await expectAccessible(latePage);

  await page.reload();
  await expect(memberRow(page, email)).toContainText("Viewer");
  await expect(memberRow(page, email).getByText("Unconfirmed")).toBeVisible();
  await expect(page.getByRole("region", { name: "Invitations" })).toHaveCount(0);
  expect(await auditOf(team, "member.joined")).toMatchObject([
    { target_label: `Grace Hopper (${email}, unconfirmed)`, details: { role: "Viewer", invited_by: admin.name } },
  ]);
  await closeAll([guest, late]);
});

test("an invitation for an address is accepted only by whom it is for, after signing in", async ({
  page,
  browser,
  team,
  join,
  admin,
}) => {
  const elsewhere = await createTestTeam();
  const [meant, other] = [await join("Viewer", { team: elsewhere }), await join("Viewer", { team: elsewhere })];
  await membersPage(page, admin, team);
  const path = await invite(page, { email: meant.email.toUpperCase(), role: "Developer" });

  const context = await browser.newContext({ baseURL: at("/") });
  const visitor = await context.newPage();
  await visitor.goto(path);
  await visitor.getByRole("link", { name: "Sign in to accept" }).click();
  await signInByForm(visitor, other);
  await expect(visitor).toHaveURL(new RegExp(`${path.replace("?", "\\?")}$`));
  await expect(visitor.getByText(`You are signed in as ${other.email}.`)).toBeVisible();
  await expect(visitor.getByRole("button", { name: "Join the team" })).toHaveCount(0);
  await visitor.getByRole("button", { name: "Sign out" }).click();
  await visitor.getByRole("link", { name: "Sign in to accept" }).click();
  await signInByForm(visitor, meant);
  await visitor.getByRole("button", { name: "Join the team" }).click();
  await expect(visitor).toHaveURL(new RegExp(`/${team.slug}/settings/api-keys`));
  await visitor.goto(path);
  await expect(visitor.getByRole("heading", { name: /can.t be used/ })).toBeVisible();
  await context.close();
});

test("a withdrawn link and a replaced one stop at once, and the new one works", async ({
  page,
  browser,
  team,
  join,
}) => {
  await membersPage(page, await join("Admin"), team);
  const withdrawn = await invite(page, { email: `one-${team.slug}@example.com` });
  const replaced = await invite(page, { email: `two-${team.slug}@example.com` });

  await page.getByRole("button", { name: `Withdraw the invitation for one-${team.slug}@example.com` }).click();
  await page.getByRole("button", { name: "Withdraw invitation" }).click();
  await expect(toast(page, "Invitation withdrawn")).toBeVisible();
  await expect(page.getByRole("cell", { name: `one-${team.slug}@example.com`, exact: true })).toHaveCount(0);

  await page.getByRole("button", { name: `New link for two-${team.slug}@example.com` }).click();
  await page.getByRole("button", { name: "Create new link" }).click();
  const renewed = await page.getByRole("textbox", { name: "Link" }).inputValue();
  await page.getByRole("button", { name: "Done" }).click();

  const context = await browser.newContext({ baseURL: at("/") });
  const visitor = await context.newPage();
  for (const path of [withdrawn, replaced, `${replaced}x`, "/invite", "/invite?code=a&code=b"]) {
    await visitor.goto(path);
    await expect(visitor.getByRole("heading", { name: /can.t be used/ })).toBeVisible();
  }
  await visitor.goto(new URL(renewed).pathname + new URL(renewed).search);
  await expect(visitor.getByLabel("Your email")).toHaveValue(`two-${team.slug}@example.com`);
  await expect(visitor.getByLabel("Your email")).not.toBeEditable();
  await context.close();
});

test("an invitation that expired stays in the list, to invite again or to remove", async ({ page, team, join }) => {
  await membersPage(page, await join("Admin"), team);
  const again = `again-${team.slug}@example.com`;
  const expired = [await invite(page, { email: again }), await invite(page)];
  const twoDaysAgo = "update invitations set expires_at = now() - interval '2 days' where team_id = $1";
  await sql(twoDaysAgo, [team.id]);
  await page.reload();
  const invitations = page.getByRole("region", { name: "Invitations" });
  const rowFor = (whom: string) => invitations.getByRole("row").filter({ hasText: whom });
  for (const whom of [again, "Anyone with the link"]) {
    await expect(rowFor(whom)).toContainText("Expired");
    await expect(rowFor(whom)).toContainText("2 days ago");
  }
  await expectAccessible(page);

  await page.getByRole("button", { name: `Invite again: ${again}` }).click();
  const dialog = page.getByRole("dialog", { name: `Invite ${again} again?` });
  await expect(dialog).toContainText("The previous link expired.");
  await dialog.getByRole("button", { name: "Create new link" }).click();
  const link = await page.getByRole("textbox", { name: "Link" }).inputValue();
  expect(link).toMatch(LINK);
  expect(expired.map((path) => at(path))).not.toContain(link);
  await page.getByRole("button", { name: "Done" }).click();
  await expect(rowFor(again)).toContainText("in 7 days");
  await expect(rowFor(again)).not.toContainText("Expired");

  await page.getByRole("button", { name: "Remove the invitation for anyone with the link" }).click();
  await page.getByRole("button", { name: "Remove invitation" }).click();
  await expect(toast(page, "Invitation removed")).toBeVisible();
  await expect(rowFor("Anyone with the link")).toHaveCount(0);
});

test("a mistyped address, a member's and one that is invited already are refused by the field", async ({
  page,
  team,
  admin,
}) => {
  await membersPage(page, admin, team);
  await invite(page, { email: `once-${team.slug}@example.com` });
  await page.getByRole("button", { name: "Invite member" }).click();
  const dialog = page.getByRole("dialog", { name: "Invite member" });
  const email = dialog.getByLabel("Email");
  await expectAccessible(page);
  for (const [typed, reason] of [
    ["ada@example", /like ada@example\.com/],
    [admin.email, /is already a member/],
    [`ONCE-${team.slug}@example.com`, /This person already has an open invitation/],
  ] as const) {
    await email.fill(typed);
    await dialog.getByRole("button", { name: "Create link" }).click();
    await expect(email).toHaveAccessibleDescription(reason);
    await expect(email).toHaveValue(typed);
  }
});
