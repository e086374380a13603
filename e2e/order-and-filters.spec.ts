import type { Page } from "@playwright/test";
import { createTestKey, createTestKeys, inDays, recordTestUse } from "@/lib/testing/fixtures";
import { expectAccessible } from "./accessible";
import { expect, rowOf, signIn, test } from "./fixtures";

/** The names of the rows, from top to bottom. */
const namesOf = (page: Page) => page.getByRole("row").getByRole("link", { name: /^Key / }).allInnerTexts();

test("a click on a column's head puts the list in its order, and the order survives a reload and Back", async ({
  keysPage: page,
  developer,
}) => {
  const ids = await createTestKeys(developer.actor, [
    { name: "Key B", createdAt: inDays(-3), expiresAt: inDays(30) },
    { name: "Key C", createdAt: inDays(-2), expiresAt: null },
    { name: "Key A", createdAt: inDays(-1), expiresAt: inDays(10) },
  ]);
  await recordTestUse(ids[0] ?? "", inDays(-1));
  await recordTestUse(ids[1] ?? "", new Date());
  await page.reload();
  const head = (name: string) => page.getByRole("columnheader", { name });
  await expect(head("Created")).toHaveAttribute("aria-sort", "descending");
  for (const [column, clicks, order] of [
    ["Name", 1, ["Key A", "Key B", "Key C"]],
    ["Name", 1, ["Key C", "Key B", "Key A"]],
    ["Expires", 1, ["Key A", "Key B", "Key C"]],
    ["Last used", 1, ["Key C", "Key B", "Key A"]],
    ["Last used", 1, ["Key B", "Key C", "Key A"]],
    ["Created", 2, ["Key B", "Key C", "Key A"]],
  ] as const) {
    for (let click = 0; click < clicks; click++) {
      const before = page.url();
      await head(column).getByRole("link").click();
      await expect(page).not.toHaveURL(before);
    }
    await expect.poll(() => namesOf(page)).toEqual(order);
  }
  await expect(head("Created")).toHaveAttribute("aria-sort", "ascending");
  await page.reload();
  await expect.poll(() => namesOf(page)).toEqual(["Key B", "Key C", "Key A"]);
  await page.goBack();
  await page.goBack();
  await expect(page).toHaveURL(/sort=used-asc/);
  await page.goForward();
  await expect(head("Created")).toHaveAttribute("aria-sort", "descending");
});

test("scope, expiry and disuse narrow the list, together and in the address", async ({ keysPage: page, developer }) => {
  await createTestKeys(developer.actor, [
    { name: "Key soon", expiresAt: inDays(5), createdAt: inDays(-1) },
    { name: "Key later", expiresAt: inDays(60), createdAt: inDays(-1) },
    { name: "Key idle", createdAt: inDays(-200) },
    { name: "Key writing", scopes: ["events.write"], createdAt: inDays(-200) },
  ]);
  await page.reload();
  const filters = page.getByRole("button", { name: /^Filters/ });
  await filters.click();
  const choose = (name: string, label: string) =>
    page.getByRole("combobox", { name, exact: true }).selectOption({ label });
  await choose("Expires within", "7 days");
  await expect.poll(() => namesOf(page)).toEqual(["Key soon"]);
  await choose("Expires within", "90 days");
  await expect.poll(() => namesOf(page)).toHaveLength(2);
  await choose("Expires within", "Any expiration");
  await choose("Unused for", "90 days");
  await expect.poll(async () => (await namesOf(page)).sort()).toEqual(["Key idle", "Key writing"]);
  await choose("Scope", "events.write");
  await expect.poll(() => namesOf(page)).toEqual(["Key writing"]);
  await expect(filters).toHaveAccessibleName("Filters (2)");
  await expect(page).toHaveURL((url) => url.search === "?scope=events.write&unused=90");
  await page.reload();
  await expect(page.getByRole("combobox", { name: "Scope", exact: true })).toHaveValue("events.write");
  await expect.poll(() => namesOf(page)).toEqual(["Key writing"]);
  await expectAccessible(page);
  await page.getByRole("button", { name: "Clear filters" }).click();
  await expect.poll(async () => (await namesOf(page)).length).toBe(4);
});

test("all keys of the team are listed with their owners to who manages keys and members, and to nobody else", async ({
  page,
  team,
  developer,
  admin,
}) => {
  await createTestKey(developer.actor, { name: "Theirs" });
  await createTestKey(admin.actor, { name: "Mine" });
  await createTestKey(admin.actor, { name: "The team's", kind: "team" });
  await signIn(page.context(), admin);
  await page.goto(`/${team.slug}/settings/api-keys`);
  await page.getByRole("link", { name: "All keys", exact: true }).click();
  await expect(page).toHaveURL(/kind=all/);
  await expect(rowOf(page, "Theirs")).toContainText(developer.name);
  await expect(rowOf(page, "The team's").getByText("Team", { exact: true })).toBeVisible();
  await expect(page.getByRole("row")).toHaveCount(4);
  await page.getByRole("button", { name: "Filters" }).click();
  await page.getByRole("combobox", { name: "Owner", exact: true }).selectOption({ label: developer.name });
  await expect(page.getByRole("row")).toHaveCount(2);
  await expect(rowOf(page, "Theirs")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Actions for Theirs" }).click();
  await expect(page.getByRole("menuitem", { name: "Revoke" })).toBeVisible();
  await expect(page.getByRole("menuitem", { name: "Edit name" })).toHaveCount(0);

  await page.context().clearCookies();
  await signIn(page.context(), developer);
  const refused = await page.goto(`/${team.slug}/settings/api-keys?kind=all`);
  expect(refused?.status()).toBe(403);
  await page.goto(`/${team.slug}/settings/api-keys`);
  await expect(page.getByRole("link", { name: "All keys", exact: true })).toHaveCount(0);
});
