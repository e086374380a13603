import type { Page } from "@playwright/test";
import { expect, signIn, test } from "./fixtures";

/** Delays the page's scripts until `release` is called, as on a slow network. */
async function holdScripts(page: Page): Promise<() => void> {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route("**/_next/static/**/*.js", async (route) => {
    await released;
    await route.continue();
  });
  return release;
}

test("a button pressed before the page's code has arrived does what it says once that is there", async ({
  page,
  team,
  developer,
}) => {
  await signIn(page.context(), developer);
  const release = await holdScripts(page);
  await page.goto(`/${team.slug}/settings/api-keys`, { waitUntil: "commit" });
  await page.getByRole("button", { name: "Create API key" }).first().click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  release();
  await expect(page.getByRole("dialog", { name: "Create API key" })).toBeVisible();
});

test("a menu pressed before the page's code has arrived opens once that is there", async ({
  page,
  team,
  developer,
}) => {
  await signIn(page.context(), developer);
  const release = await holdScripts(page);
  await page.goto(`/${team.slug}/settings/api-keys`, { waitUntil: "commit" });
  await page.getByRole("button", { name: /^Account of/ }).click();
  release();
  await expect(page.getByRole("menuitem", { name: "Sign out", exact: true })).toBeVisible();
});

test("a form sent before the page's code has arrived is sent by that code, and never as a plain post", async ({
  page,
  team,
  developer,
}) => {
  const posts: string[] = [];
  page.on("request", (request) => request.method() === "POST" && posts.push(new URL(request.url()).pathname));
  const release = await holdScripts(page);
  await page.goto("/sign-in", { waitUntil: "commit" });
  await page.getByLabel("Email").fill(developer.email);
  await page.getByLabel("Password").fill(developer.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  release();
  await expect(page).toHaveURL(new RegExp(`^[^?]*/${team.slug}/`));
  expect(posts).toEqual(["/api/auth/callback/credentials"]);
});
