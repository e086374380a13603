import type { Page } from "@playwright/test";
import { createTestKey, createTestTeam, inDays } from "@/lib/testing/fixtures";
import { expectAccessible } from "./accessible";
import { chooseAction, createKey, expect, type Person, rowOf, signIn, test } from "./fixtures";

const ALL_SCOPES = ["events.read", "events.write", "contacts.read", "contacts.write", "reports.read"];

/** Keys in every state, one of them with the longest unbreakable name. */
async function createKeysInEveryState({ actor }: Person): Promise<void> {
  await createTestKey(actor, { name: "Zapier production", scopes: ALL_SCOPES, expiresAt: inDays(80) });
  await createTestKey(actor, { name: "x".repeat(80) });
  await createTestKey(actor, { name: null, expiresAt: inDays(-2) });
  await createTestKey(actor, { name: "Old laptop", revokedAt: new Date() });
}

const dialogOf = (page: Page) => page.getByRole("dialog");

test("the pages outside the console are accessible", async ({ page }) => {
  await page.goto("/sign-in");
  await expectAccessible(page);
  await page.getByLabel("Email").fill("nobody@example.com");
  await page.getByLabel("Password").fill("wrong");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByText("Incorrect email or password.")).toBeVisible();
  await expectAccessible(page);
  await page.goto("/setup?code=used");
  await expect(page.getByRole("heading", { name: /can.t be used/ })).toBeVisible();
  await expectAccessible(page);
});

test("the refusals, not found and forbidden, are accessible", async ({ page, team, join }) => {
  await signIn(page.context(), await join("Viewer"));
  for (const path of [`/${team.slug}`, `/${team.slug}/settings/api-keys`, "/no-such-team", "/no/such/page/at/all"]) {
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expectAccessible(page);
  }
});

test("the empty list and everything on the way to a token are accessible", async ({ keysPage }) => {
  await expectAccessible(keysPage);
  await keysPage.getByRole("button", { name: "Create your first API key" }).click();
  await expectAccessible(keysPage);
  await dialogOf(keysPage).getByRole("button", { name: "Create API key" }).click();
  await expect(dialogOf(keysPage).getByText("Select at least one scope.")).toBeVisible();
  await expectAccessible(keysPage);
  await keysPage.keyboard.press("Escape");
  await createKey(keysPage, { name: "Local dev" });
  await expectAccessible(keysPage);
  await dialogOf(keysPage).getByRole("button", { name: "Done" }).click();
  await expect(dialogOf(keysPage).getByRole("button", { name: "Close without copying" })).toBeVisible();
  await expectAccessible(keysPage);
});

test("the list, its menu and its dialogs are accessible", async ({ keysPage, developer }) => {
  await createKeysInEveryState(developer);
  await keysPage.reload();
  await expect(rowOf(keysPage, "Zapier production")).toBeVisible();
  await expectAccessible(keysPage);
  await keysPage.getByRole("button", { name: "Actions for Zapier production" }).click();
  await expect(keysPage.getByRole("menuitem", { name: "Edit name" })).toBeVisible();
  await expectAccessible(keysPage);
  await keysPage.keyboard.press("Escape");
  for (const action of ["Edit name", "Change expiration", "Revoke"]) {
    await chooseAction(keysPage, "Zapier production", action);
    await expect(dialogOf(keysPage)).toBeVisible();
    await expectAccessible(keysPage);
    await keysPage.keyboard.press("Escape");
    await expect(dialogOf(keysPage)).toHaveCount(0);
  }
});

test("the user's menu, the team switcher and a list without matches are accessible", async ({
  keysPage,
  developer,
  join,
}) => {
  await createKeysInEveryState(developer);
  const { actor, name, email } = developer;
  await join("Admin", { team: await createTestTeam(), user: { id: actor.userId, name, email } });
  await keysPage.goto(`${keysPage.url()}?q=nothing+like+this`);
  await expect(keysPage.getByRole("status").filter({ hasText: "No keys match." })).toBeVisible();
  await expectAccessible(keysPage);
  await keysPage.getByRole("button", { name: /^Account of/ }).click();
  await expectAccessible(keysPage);
  await keysPage.keyboard.press("Escape");
  await keysPage.getByRole("button", { name: /switch team/ }).click();
  await expectAccessible(keysPage);
});

test("the audit log is accessible, with entries and without", async ({ page, team, admin }) => {
  await signIn(page.context(), admin);
  await page.goto(`/${team.slug}/settings/audit-log`);
  await expect(page.getByRole("row").nth(1)).toBeVisible();
  await expectAccessible(page);
  await page.goto(`/${team.slug}/settings/audit-log?to=2020-01-01`);
  await expect(page.getByText("No entries match these filters.")).toBeVisible();
  await expectAccessible(page);
});
