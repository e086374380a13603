import { callApi, chooseAction, closeToken, createKey, expect, rowOf, test, toast } from "./fixtures";

test("a key is made, copied and revoked with the keyboard alone", async ({ keysPage: page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const press = (key: string) => page.keyboard.press(key);
  /** Presses Tab until the control has focus, up to a reasonable number of times. */
  async function tabTo(role: "button" | "textbox" | "checkbox" | "combobox", name: string | RegExp) {
    const target = page.getByRole(role, { name });
    for (let presses = 0; presses < 40; presses++) {
      if (await target.evaluate((element) => element === document.activeElement)) return;
      await press("Tab");
    }
    await expect(target).toBeFocused();
  }

  await tabTo("button", "Create API key");
  await press("Enter");
  await expect(page.getByRole("dialog", { name: "Create API key" })).toBeVisible();
  await tabTo("textbox", /^Name/);
  await page.keyboard.type("Zapier production");
  await tabTo("checkbox", "events.read");
  await press("Space");
  await tabTo("combobox", "Expires");
  await press("ArrowUp");
  await press("Enter");
  await tabTo("button", "Create API key");
  await press("Enter");

  await tabTo("button", "Copy token");
  await press("Enter");
  await expect(page.getByRole("button", { name: "Copied" })).toBeFocused();
  const token = await page.evaluate(() => navigator.clipboard.readText());
  expect((await callApi(token, "/api/v1/me")).status).toBe(200);
  await tabTo("button", "Done");
  await press("Enter");
  await expect(page.getByRole("button", { name: "Create API key" })).toBeFocused();

  await tabTo("button", "Actions for Zapier production");
  await press("Enter");
  await expect(page.getByRole("menuitem", { name: "Details" })).toBeFocused();
  await press("End");
  await expect(page.getByRole("menuitem", { name: "Revoke" })).toBeFocused();
  await press("Enter");
  await expect(page.getByRole("dialog", { name: "Revoke “Zapier production”?" })).toBeVisible();
  await tabTo("button", "Revoke key");
  await press("Enter");
  await expect(toast(page, "Revoked Zapier production")).toBeVisible();
  await expect(rowOf(page, "Zapier production").getByText("Revoked", { exact: true })).toBeVisible();
  await expect(page.getByRole("button", { name: "Actions for Zapier production" })).toBeFocused();
  expect((await callApi(token, "/api/v1/me")).status).toBe(401);
});

test("focus returns to where a dialog was opened from", async ({ keysPage: page }) => {
  await page.getByRole("button", { name: "Create your first API key" }).click();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "Create your first API key" })).toBeFocused();

  await createKey(page, { name: "Local dev" });
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Close without copying" }).click();
  await expect(page.getByRole("button", { name: "Create API key" })).toBeFocused();

  for (const action of ["Edit name", "Change expiration", "Revoke"]) {
    await chooseAction(page, "Local dev", action);
    await expect(page.getByRole("dialog")).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog")).toHaveCount(0);
    await expect(page.getByRole("button", { name: "Actions for Local dev" })).toBeFocused();
  }

  await chooseAction(page, "Local dev", "Edit name");
  await page.getByRole("dialog").getByLabel("Name").fill("Local dev, laptop");
  await page.keyboard.press("Enter");
  await expect(rowOf(page, "Local dev, laptop")).toBeVisible();
  await expect(page.getByRole("button", { name: "Actions for Local dev, laptop" })).toBeFocused();
});

test("Tab stays inside an open dialog", async ({ keysPage: page }) => {
  await page.getByRole("button", { name: "Create API key" }).click();
  const dialog = page.getByRole("dialog");
  for (let presses = 0; presses < 25; presses++) {
    await page.keyboard.press("Tab");
    expect(await dialog.evaluate((element) => element.contains(document.activeElement))).toBe(true);
  }
});

test("the first Tab offers to skip to the content", async ({ keysPage: page }) => {
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to content" })).toBeFocused();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "Create API key" })).toBeFocused();
});

test("Escape hides a tooltip, and it comes back with the focus", async ({ keysPage: page }) => {
  await createKey(page, { name: "Wide", preset: "Full access" });
  await closeToken(page);
  const tooltip = page.getByRole("button", { name: /^\d+ more: / });
  const shown = () => tooltip.evaluate((element) => getComputedStyle(element, "::after").content);
  await page.getByRole("link", { name: "Wide" }).focus();
  await page.keyboard.press("Tab");
  await expect(tooltip).toBeFocused();
  expect(await shown()).toContain("contacts");

  await page.keyboard.press("Escape");
  expect(await shown()).toBe("none");
  await expect(tooltip).toBeFocused();

  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Tab");
  expect(await shown()).toContain("contacts");
});

test("filters, columns, the choice of keys and rotating keep the keyboard's place", async ({ keysPage: page }) => {
  for (const name of ["One", "Two"]) {
    await createKey(page, { name });
    await closeToken(page);
  }
  await page.getByRole("button", { name: "Filters" }).focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "Columns" })).toBeFocused();
  await page.keyboard.press("Enter");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Space");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "Columns" })).toBeFocused();

  for (const name of ["One", "Two"]) {
    await page.getByRole("checkbox", { name: `Select ${name}` }).focus();
    await page.keyboard.press("Space");
  }
  await page.getByRole("button", { name: "Revoke 2 keys…" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog", { name: "Revoke 2 keys?" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "Revoke 2 keys…" })).toBeFocused();

  await page.getByRole("button", { name: "Actions for Two" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("menuitem", { name: "Details" })).toBeFocused();
  await page.keyboard.type("ro");
  await expect(page.getByRole("menuitem", { name: "Rotate" })).toBeFocused();
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").getByRole("button", { name: "Rotate key" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("textbox", { name: "Token" })).toBeVisible();
  await closeToken(page);
  await expect(page.getByRole("button", { name: "Actions for Two" }).last()).toBeFocused();
});
