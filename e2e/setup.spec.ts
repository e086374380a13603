import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LaunchedConsole, launchConsole } from "@/scripts/launched-console";
import { expectAccessible } from "./accessible";
import { test as base, expect, signInByForm } from "./fixtures";

/** A console without users, and the setup link that it printed. */
const test = base.extend<{ fresh: LaunchedConsole & { setupUrl: string } }>({
  fresh: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads a fixture's needs from this pattern.
    async ({}, use) => {
      const dataDir = join(tmpdir(), `latchkey-setup-${randomUUID()}`);
      const launched = await launchConsole({ env: { DATA_DIR: dataDir, LOG_LEVEL: "warn" } });
      try {
        await launched.ready();
        const link = /Create the first admin at (\S+)\n/;
        await expect.poll(() => launched.output()).toMatch(link);
        const setupUrl = link.exec(launched.output())?.[1] ?? "";
        await use({ ...launched, setupUrl });
        launched.signal("SIGTERM");
        expect(await launched.exited).toBe(0);
      } finally {
        if ((await Promise.race([launched.exited, Promise.resolve("running")])) === "running")
          launched.signal("SIGKILL", "group");
        await rm(dataDir, { recursive: true, force: true, maxRetries: 20 });
      }
    },
    { timeout: 90_000 },
  ],
});

test("the printed link makes the first admin, once; whoever comes second is told so", async ({
  page,
  browser,
  fresh,
}) => {
  test.setTimeout(90_000);
  const late = await (await browser.newContext()).newPage();
  await late.goto(fresh.setupUrl);
  await page.goto(fresh.setupUrl.replace(/.$/, (last) => (last === "A" ? "B" : "A")));
  await expect(page.getByRole("heading", { name: /can.t be used/ })).toBeVisible();

  await page.goto(fresh.setupUrl);
  await expectAccessible(page);
  const create = page.getByRole("button", { name: "Create admin and team" });
  await create.click();
  await expect(page.getByLabel("Team name")).toHaveAccessibleDescription(/Enter a team name\./);
  await page.getByLabel("Team name").fill("Acme Events");
  await page.getByLabel("Your email").fill("ada@example");
  for (const [password, reason] of [
    ["short", "Use at least 8 characters."],
    ["password1", "This is a commonly used password. Choose another."],
  ] as const) {
    await page.getByLabel("Your email").fill("ada@example.com");
    await page.getByLabel("Password").fill(password);
    await create.click();
    await expect(page.getByLabel("Password")).toHaveAccessibleDescription(new RegExp(reason));
    await expect(page.getByLabel("Password")).toHaveValue(password);
    await expect(page.getByLabel("Team name")).toHaveValue("Acme Events");
    await expect(page.getByLabel("Your email")).toHaveValue("ada@example.com");
  }
  const admin = { email: "ada@example.com", password: "a long walk by the sea" };
  await page.getByLabel("Password").fill(admin.password);
  await create.click();
  await expect(page).toHaveURL(/\/sign-in$/);
  await signInByForm(page, admin);
  await expect(page).toHaveURL(`${fresh.url}/acme-events/settings/api-keys`);
  await expect(page.getByRole("heading", { name: "No API keys yet" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Audit log" })).toBeVisible();

  await late.getByLabel("Team name").fill("Evil");
  await late.getByLabel("Your email").fill("eve@example.com");
  await late.getByLabel("Password").fill("another long password");
  await late.getByRole("button", { name: "Create admin and team" }).click();
  await expect(late.getByRole("alert").filter({ hasText: /This setup link has expired or been used/ })).toBeVisible();
  await late.goto(fresh.setupUrl);
  await expect(late.getByRole("heading", { name: /can.t be used/ })).toBeVisible();
  await late.getByRole("link", { name: "Go to sign-in" }).click();
  await signInByForm(late, { email: "eve@example.com", password: "another long password" });
  await expect(late.getByRole("alert").filter({ hasText: "Incorrect email or password." })).toBeVisible();
});
