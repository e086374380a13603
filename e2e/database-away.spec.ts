import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "@playwright/test";
import { DatabaseProxy } from "@/lib/testing/database-proxy";
import { createScratchDatabase } from "@/lib/testing/scratch-database";
import { launchConsole } from "@/scripts/launched-console";
import { expectAccessible } from "./accessible";
import { closeToken, expect, rowOf, signInByForm, TOKEN, test } from "./fixtures";

const ADMIN = { email: "admin@example.com", password: "correct horse battery" };
/** Sign-in shows the same message for a read-only database, so it doesn't say "reach". */
const AWAY = /Latchkey can't (?:reach|use) its database right now/;

/** A page without the fixture that fails a test on logged errors, because the server's failures are logged here. */
async function newPage(browser: Browser, url: string): Promise<Page> {
  return (await browser.newContext({ baseURL: url })).newPage();
}

const alertOf = (page: Page) => page.getByRole("alert").filter({ hasText: AWAY });

test("while the database is away forms keep what was typed, pages offer to try again, and all goes on when it is back", async ({
  browser,
}) => {
  test.setTimeout(120_000);
  const dataDir = join(tmpdir(), `latchkey-away-${randomUUID()}`);
  const scratch = await createScratchDatabase({ isMigrated: false });
  const proxy = new DatabaseProxy(scratch.url);
  await proxy.open();
  const env = {
    DATABASE_URL: proxy.url,
    MIGRATE_DATABASE_URL: scratch.ownerUrl,
    DATA_DIR: dataDir,
    LOG_LEVEL: "silent",
    ADMIN_EMAIL: ADMIN.email,
    ADMIN_PASSWORD: ADMIN.password,
  };
  const running = await launchConsole({ env });
  try {
    await running.ready();
    const page = await newPage(browser, running.url);

    await test.step("signing in", async () => {
      await page.goto("/sign-in");
      await proxy.cut();
      await signInByForm(page, ADMIN);
      await expect(alertOf(page)).toContainText("so nobody can sign in");
      await expect(page.getByLabel("Email")).toHaveValue(ADMIN.email);
      await proxy.open();
      await page.getByRole("button", { name: "Sign in" }).click();
      await expect(page.getByRole("heading", { name: "API keys", exact: true })).toBeVisible();
    });

    await test.step("making a key", async () => {
      await page.getByRole("button", { name: "Create API key" }).click();
      const dialog = page.getByRole("dialog", { name: "Create API key" });
      await dialog.getByLabel("Name").fill("Zapier");
      await dialog.getByRole("button", { name: "Read only" }).click();
      await proxy.cut();
      await dialog.getByRole("button", { name: "Create API key" }).click();
      await expect(alertOf(page)).toContainText("Nothing was changed; try again in a moment.");
      await expect(dialog.getByLabel("Name")).toHaveValue("Zapier");
      await expect(dialog.getByRole("checkbox", { name: "events.read" })).toBeChecked();
      await expectAccessible(page);
      await proxy.open();
      await dialog.getByRole("button", { name: "Create API key" }).click();
      await expect(page.getByRole("textbox", { name: "Token" })).toHaveValue(TOKEN);
      await closeToken(page);
      await expect(rowOf(page, "Zapier")).toHaveCount(1);
    });

    await test.step("signing out", async () => {
      // A pending refresh after the new key would replace the menu with the page's error.
      await page.reload();
      await expect(rowOf(page, "Zapier")).toHaveCount(1);
      await proxy.cut();
      await page.getByRole("button", { name: /^Account of/ }).click();
      await page.getByRole("menuitem", { name: "Sign out", exact: true }).click();
      const dialog = page.getByRole("dialog", { name: "You are still signed in" });
      await expect(dialog.getByRole("alert")).toContainText(AWAY);
      await expectAccessible(page);
      await dialog.getByRole("button", { name: "Close" }).click();
      await proxy.open();
      await page.reload();
      await expect(rowOf(page, "Zapier")).toHaveCount(1);
    });

    await test.step("looking at a page", async () => {
      const failed = page.getByRole("heading", { name: "This page couldn't be loaded" });
      await proxy.cut();
      await page.reload();
      await expect(failed).toBeVisible();
      await expect(page.locator("body")).not.toContainText(/ECONN|prisma|127\.0\.0\.1| at /i);
      await expectAccessible(page);
      await page.getByRole("button", { name: "Try again" }).click();
      await expect(page.getByRole("button", { name: "Try again" })).toBeVisible();
      await proxy.open();
      await page.getByRole("button", { name: "Try again" }).click();
      await expect(rowOf(page, "Zapier")).toHaveCount(1);
      await expect(failed).toHaveCount(0);
    });

    await test.step("going to a page by its link", async () => {
      await proxy.cut();
      await page.getByRole("link", { name: "Members", exact: true }).click();
      await expect(page.getByRole("heading", { name: "This page couldn't be loaded" })).toBeVisible();
      await proxy.open();
      await page.getByRole("button", { name: "Try again" }).click();
      await expect(page.getByRole("heading", { name: "Members", exact: true })).toBeVisible();
    });

    await test.step("calling the API", async () => {
      const [cookies, path] = [page.context().request, "/api/v1/api-keys"];
      await proxy.cut();
      for (const each of [
        path,
        "/api/auth/session",
        `${new URL(page.url()).pathname}/../audit-log/export?format=csv`,
      ]) {
        const answer = await cookies.get(each, { headers: { "sec-fetch-site": "same-origin" } });
        expect([answer.status(), answer.headers()["retry-after"]], each).toEqual([503, "1"]);
        expect(await answer.json()).toMatchObject({ success: false, code: "unavailable" });
      }
      await proxy.open();
      expect((await cookies.get(path, { headers: { "sec-fetch-site": "same-origin" } })).status()).toBe(200);
    });

    running.signal("SIGTERM");
    expect(await running.exited).toBe(0);
  } finally {
    if ((await Promise.race([running.exited, Promise.resolve("running")])) === "running")
      running.signal("SIGKILL", "group");
    await proxy.cut();
    await scratch.drop();
    await rm(dataDir, { recursive: true, force: true, maxRetries: 20 });
  }
});
