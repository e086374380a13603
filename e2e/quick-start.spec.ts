import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Page } from "@playwright/test";
import { createTestKey, createTestTeam } from "@/lib/testing/fixtures";
import { expectAccessible } from "./accessible";
import { test as base, expect, signIn } from "./fixtures";

const run = promisify(execFile);

/** The Quick start page of the signed-in developer. */
const test = base.extend<{ startPage: Page }>({
  startPage: async ({ page, team, developer }, use) => {
    await signIn(page.context(), developer);
    await page.goto(`/${team.slug}/settings/quick-start`);
    await use(page);
  },
});

const code = (page: Page, file: string) => page.getByRole("region", { name: file });

test("the calls for curl work as they are copied, with this console's address", async ({
  startPage: page,
  context,
  developer,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.getByRole("button", { name: "Copy try.sh" }).click();
  await expect(page.getByText("Copied to clipboard.")).toBeAttached();
  const script = await page.evaluate(() => navigator.clipboard.readText());
  expect(script).toBe(await code(page, "try.sh").textContent());
  const { token } = await createTestKey(developer.actor, { name: "Zapier" });
  const asker = await createTestKey(developer.actor, { kind: "team", scopes: ["keys.verify"] });
  const env = { ...process.env, LATCHKEY_TOKEN: token, LATCHKEY_KEY: asker.token };
  const { stdout } = await run("sh", ["-ec", script], { env });
  expect(stdout).toContain('"name":"Zapier"');
  expect(stdout).toContain("HTTP/1.1 200");
  expect(stdout).toMatch(/^x-latchkey-key-name: Zapier/m);
  expect(stdout).toContain('"valid":true');
});

test("what you have and the scopes asked for are chosen by links and lists, and are in the URL", async ({
  startPage: page,
}) => {
  const tabs = page.getByRole("navigation", { name: "Your stack" });
  for (const [tab, file] of [
    ["Node", "api.mjs"],
    ["Python", "api.py"],
    ["Go", "main.go"],
    ["nginx", "nginx.conf"],
    ["Caddy", "Caddyfile"],
    ["Traefik", "traefik.yaml"],
    ["Kong", "kong.yaml"],
    ["Envoy", "envoy.yaml"],
    ["HAProxy", "latchkey.lua"],
  ] as const) {
    await tabs.getByRole("link", { name: tab }).click();
    await expect(code(page, file)).toContainText(file === "latchkey.lua" ? "FORWARD_AUTH" : "events.read");
  }
  await tabs.getByRole("link", { name: "nginx" }).click();
  await expect(code(page, "nginx.conf")).toContainText("read=events.read&write=events.write");
  await page.getByLabel("Read scope (GET)").selectOption("contacts.read");
  await expect(code(page, "nginx.conf")).toContainText("read=contacts.read&write=events.write");
  await page.getByLabel(/^Write scope/).selectOption("contacts.write");
  await expect(code(page, "nginx.conf")).toContainText("read=contacts.read&write=contacts.write");
  await expect(page).toHaveURL(/for=nginx&read=contacts\.read&write=contacts\.write/);
  await page.reload();
  await expect(code(page, "nginx.conf")).toContainText("location ~ ^/contacts(?:/|$)");
  await tabs.getByRole("link", { name: "Kong" }).click();
  await expect(code(page, "kong.yaml")).toContainText("read=contacts.read&write=contacts.write");
});

test("the quick start is for who may manage keys, and tells strangers nothing", async ({ page, team, join }) => {
  await signIn(page.context(), await join("Viewer"));
  expect((await page.request.get(`/${team.slug}/settings/quick-start`)).status()).toBe(403);
  const other = await createTestTeam();
  expect((await page.request.get(`/${other.slug}/settings/quick-start`)).status()).toBe(404);
});

test("the quick start is accessible in both themes, wide and narrow", async ({ startPage: page }) => {
  await expectAccessible(page);
  await page.goto(`${page.url()}?for=haproxy`);
  await expectAccessible(page);
});
