import { createTestKey } from "@/lib/testing/fixtures";
import { chooseAction, expect, rowOf, test } from "./fixtures";

const UNKNOWN_ACTION = "00".repeat(21);

test("an action that the new version no longer knows says so, changes nothing and keeps what was typed", async ({
  keysPage,
  developer,
}) => {
  await createTestKey(developer.actor, { name: "Zapier production" });
  await keysPage.reload();
  await chooseAction(keysPage, "Zapier production", "Edit name");
  const dialog = keysPage.getByRole("dialog", { name: "Edit name" });
  await dialog.getByLabel("Name").fill("Zapier staging");

  await keysPage.route("**", (route) => {
    const headers = route.request().headers();
    return route.continue("next-action" in headers ? { headers: { ...headers, "next-action": UNKNOWN_ACTION } } : {});
  });
  await dialog.getByRole("button", { name: "Save name" }).click();
  await expect(dialog.getByText("A new version of Latchkey is available, and nothing was changed.")).toBeVisible();
  await expect(dialog.getByLabel("Name")).toHaveValue("Zapier staging");

  await keysPage.unroute("**");
  await dialog.getByRole("button", { name: "Save name" }).click();
  await expect(rowOf(keysPage, "Zapier staging")).toBeVisible();
});

/** The browser logs the expected failure to load. */
const testWithErrors = test.extend({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads a fixture's needs from this pattern.
  noErrors: async ({}, use) => use(undefined),
});

testWithErrors(
  "signing out of a page of the version before asks for a reload as well",
  async ({ keysPage, developer }) => {
    await keysPage.route("**", (route) => {
      const headers = route.request().headers();
      return route.continue("next-action" in headers ? { headers: { ...headers, "next-action": UNKNOWN_ACTION } } : {});
    });
    await keysPage.getByRole("button", { name: `Account of ${developer.name}` }).click();
    await keysPage.getByRole("menuitem", { name: "Sign out", exact: true }).click();
    await expect(keysPage.getByRole("heading", { name: "A new version of Latchkey is available" })).toBeVisible();
  },
);

testWithErrors(
  "a part of the page that the new version no longer has asks for a reload",
  async ({ keysPage, developer }) => {
    await createTestKey(developer.actor, { name: "Zapier production" });
    await keysPage.reload();
    await expect(rowOf(keysPage, "Zapier production")).toBeVisible();
    await keysPage.waitForLoadState("networkidle");
    await keysPage.route("**/_next/static/**", (route) => route.fulfill({ status: 404, body: "" }));
    await chooseAction(keysPage, "Zapier production", "Restrict access");
    await expect(keysPage.getByRole("heading", { name: "A new version of Latchkey is available" })).toBeVisible();
    await keysPage.unroute("**/_next/static/**");
    await keysPage.getByRole("button", { name: "Reload the page" }).click();
    await expect(rowOf(keysPage, "Zapier production")).toBeVisible();
  },
);
