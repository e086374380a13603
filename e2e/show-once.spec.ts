import type { Page } from "@playwright/test";
import { at, closeToken, createKey, expect, rowOf, test } from "./fixtures";

/** Everything in a page from which a script, a user or a file could reveal a token. */
const everythingIn = (page: Page) =>
  page.evaluate(() =>
    [
      document.documentElement.outerHTML,
      ...[...document.querySelectorAll<HTMLInputElement>("input, textarea")].map(({ value }) => value),
      location.href,
      JSON.stringify(history.state),
      JSON.stringify({ ...localStorage }),
      JSON.stringify({ ...sessionStorage }),
      document.cookie,
      ...performance.getEntries().map(({ name }) => name),
    ].join("\n"),
  );

test("a token is nowhere to be found once its dialog is closed", async ({ keysPage, context }) => {
  const token = await createKey(keysPage, { name: "Local dev" });
  const secret = token.slice(11, -8);
  expect(await everythingIn(keysPage)).toContain(secret);
  await closeToken(keysPage);
  await expect(rowOf(keysPage, "Local dev")).toBeVisible();
  expect(await everythingIn(keysPage)).not.toContain(secret);

  await keysPage.reload();
  await expect(rowOf(keysPage, "Local dev")).toBeVisible();
  expect(await everythingIn(keysPage)).not.toContain(secret);

  const tab = await context.newPage();
  await tab.goto(keysPage.url());
  await expect(rowOf(tab, "Local dev")).toBeVisible();
  expect(await everythingIn(tab)).not.toContain(secret);
  await tab.close();

  for (const headers of [{}, { RSC: "1" }, { RSC: "1", "Next-Router-Prefetch": "1" }]) {
    const body = await (
      await context.request.get(keysPage.url(), { headers: headers as Record<string, string> })
    ).text();
    expect(body).not.toContain(secret);
  }
  expect(JSON.stringify(await context.storageState({ indexedDB: true }))).not.toContain(secret);
});

for (const elsewhere of ["about:blank", at("/api/health/live"), at("/sign-in")]) {
  test(`going to ${new URL(elsewhere).pathname} with the dialog open and Back again does not bring the token back`, async ({
    keysPage,
  }) => {
    const secret = (await createKey(keysPage, { name: "Local dev" })).slice(11, -8);
    await keysPage.goto(elsewhere);
    await keysPage.goBack();
    await expect(keysPage.getByRole("heading", { name: "API keys", exact: true })).toBeVisible();
    await expect(keysPage.getByRole("dialog")).toHaveCount(0);
    expect(await everythingIn(keysPage)).not.toContain(secret);
  });
}

test("closing before the token is copied asks first, and going back keeps it", async ({ keysPage }) => {
  const token = await createKey(keysPage);
  const dialog = keysPage.getByRole("dialog");
  const warning = dialog.getByText("You haven't copied the token. It can't be shown again.");
  const waysOut = [
    () => keysPage.keyboard.press("Escape"),
    () => dialog.getByRole("button", { name: "Close", exact: true }).click(),
    () => dialog.getByRole("button", { name: "Done" }).click(),
  ];
  for (const leave of waysOut) {
    await leave();
    await expect(warning).toBeVisible();
    await expect(dialog.getByRole("button", { name: "Go back" })).toBeFocused();
    await dialog.getByRole("button", { name: "Go back" }).click();
    await expect(warning).toHaveCount(0);
    await expect(dialog.getByRole("textbox", { name: "Token" })).toHaveValue(token);
  }
  await keysPage.mouse.click(5, 5);
  await expect(warning).toHaveCount(0);
  await expect(dialog.getByRole("textbox", { name: "Token" })).toHaveValue(token);

  await keysPage.keyboard.press("Escape");
  await dialog.getByRole("button", { name: "Close without copying" }).click();
  await expect(dialog).toHaveCount(0);
});

test("a click beside the dialog loses nothing that was typed", async ({ keysPage }) => {
  await keysPage.getByRole("button", { name: "Create API key" }).click();
  const name = keysPage.getByRole("dialog").getByLabel("Name");
  await name.fill("Half a name");
  await keysPage.mouse.click(5, 5);
  await expect(name).toHaveValue("Half a name");
});

test("where the browser offers no clipboard, the old way of copying does it", async ({ keysPage }) => {
  await keysPage.addInitScript(() => Object.defineProperty(navigator, "clipboard", { value: undefined }));
  await keysPage.reload();
  const token = await createKey(keysPage);
  await keysPage.evaluate(() => {
    document.addEventListener("copy", () => Object.assign(window, { copied: String(getSelection()) }));
  });
  await keysPage.getByRole("button", { name: "Copy token" }).click();
  await expect(keysPage.getByRole("button", { name: "Copied" })).toBeVisible();
  expect(await keysPage.evaluate(() => (window as unknown as { copied: string }).copied)).toBe(token);
});

test("where the page may not copy at all, it says so and selects the token to copy by hand", async ({ keysPage }) => {
  await keysPage.addInitScript(() => {
    Object.defineProperty(navigator, "clipboard", { value: undefined });
    document.execCommand = () => false;
  });
  await keysPage.reload();
  const token = await createKey(keysPage);
  await keysPage.getByRole("button", { name: "Copy token" }).click();
  await expect(
    keysPage.getByText("Your browser blocked copying. The text is selected: press Ctrl+C or ⌘C."),
  ).toBeVisible();
  await expect(keysPage.getByRole("button", { name: "Copied" })).toHaveCount(0);
  const field = keysPage.getByRole("textbox", { name: "Token" });
  await expect(field).toBeFocused();
  const selected = await field.evaluate((area: HTMLTextAreaElement) =>
    area.value.slice(area.selectionStart, area.selectionEnd),
  );
  expect(selected).toBe(token);

  await keysPage.keyboard.press("ControlOrMeta+c");
  await keysPage.getByRole("button", { name: "Done" }).click();
  await expect(keysPage.getByRole("dialog")).toHaveCount(0);
});
