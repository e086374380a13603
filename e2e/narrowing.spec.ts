import type { Page } from "@playwright/test";
import { createTestKey } from "@/lib/testing/fixtures";
import { expectAccessible } from "./accessible";
import { askApi } from "./ask-api";
import { auditOf, chooseAction, closeToken, countKeys, expect, rowOf, signIn, TOKEN, test, toast } from "./fixtures";

const ME = "/api/v1/me";
const EVENTS = "/api/v1/organizer/events";
const EVENT = "01890a5d-ac96-774b-bcce-b302099a8057";
/** Addresses for documentation, and those of a client on this machine. */
const ELSEWHERE = "203.0.113.7";
const HERE = "127.0.0.0/8, ::1";

/** Opens the dialog for a new key with a name and scopes, and expands its restrictions. */
async function fillIn(page: Page, name: string) {
  await page.getByRole("button", { name: "Create API key" }).click();
  const dialog = page.getByRole("dialog", { name: "Create API key" });
  await dialog.getByLabel("Name").fill(name);
  await dialog.getByRole("button", { name: "Read only" }).click();
  await dialog.getByText("Restrict access").click();
  return dialog;
}

async function takeToken(page: Page): Promise<string> {
  const field = page.getByRole("textbox", { name: "Token" });
  await expect(field).toHaveValue(TOKEN);
  const token = await field.inputValue();
  await closeToken(page);
  return token;
}

test("everything that is wrong with a narrowing is said at once", async ({ keysPage: page, developer }) => {
  await createTestKey(developer.actor, { name: "Warehouse" });
  await page.reload();
  await chooseAction(page, "Warehouse", "Restrict access");
  const narrow = page.getByRole("dialog", { name: "Restrict access" });
  await narrow.getByLabel("Resource access").selectOption({ label: "One event" });
  await narrow.getByLabel("Event ID").fill("12");
  await narrow.getByLabel("IP allowlist").fill("203.0.113.300");
  await narrow.getByRole("button", { name: "Save" }).click();
  await expect(narrow.getByText("“12” isn't a valid ID")).toBeVisible();
  await expect(narrow.getByText("“203.0.113.300” isn't an IP address")).toBeVisible();
});

test("a key narrowed to other addresses gets 403, and is let in as soon as ours are among them", async ({
  keysPage: page,
  team,
}) => {
  const dialog = await fillIn(page, "Warehouse");
  await dialog.getByLabel("IP allowlist").fill(ELSEWHERE);
  await expect(dialog.getByText("(optional): all resources, 1 IP address")).toBeVisible();
  await dialog.getByRole("button", { name: "Create API key" }).click();
  const token = await takeToken(page);
  expect(await askApi(token, ME)).toMatchObject({ status: 403, body: { success: false } });
  expect((await askApi(token, EVENTS)).status).toBe(403);

  await chooseAction(page, "Warehouse", "Restrict access");
  const narrow = page.getByRole("dialog", { name: "Restrict access" });
  await expect(narrow.getByLabel("IP allowlist")).toHaveValue(ELSEWHERE);
  await narrow.getByLabel("IP allowlist").fill(`${ELSEWHERE}\n${HERE}`);
  await expectAccessible(page);
  await narrow.getByRole("button", { name: "Save" }).click();
  await expect(toast(page, "Restrictions saved")).toBeVisible();
  expect((await askApi(token, ME)).status).toBe(200);
  const [entry] = await auditOf(team, "api_key.narrowed");
  expect(entry?.details).toMatchObject({
    from: { allowed_ips: [`${ELSEWHERE}/32`] },
    to: { allowed_ips: [`${ELSEWHERE}/32`, "127.0.0.0/8", "::1/128"] },
  });
});

test("a key narrowed to one event says so, and reaches no other", async ({ keysPage: page }) => {
  const dialog = await fillIn(page, "Box office");
  await dialog.getByLabel("Resource access").selectOption({ label: "One event" });
  await dialog.getByLabel("Event ID").fill(EVENT.toUpperCase());
  await dialog.getByRole("button", { name: "Create API key" }).click();
  const token = await takeToken(page);
  expect(await askApi(token, ME)).toMatchObject({
    status: 200,
    body: { data: { key: { resource: `event:${EVENT}` } } },
  });
  const listed = await askApi(token, EVENTS);
  expect(listed).toMatchObject({ status: 200, body: { data: { events: [] } } });
});

test("what can't be an address or an event is marked at its field, and nothing typed is lost", async ({
  keysPage: page,
  team,
}) => {
  const dialog = await fillIn(page, "Warehouse");
  const addresses = dialog.getByLabel("IP allowlist");
  const create = dialog.getByRole("button", { name: "Create API key" });
  for (const [typed, said] of [
    ["10.0.0.5/8", /Enter 10\.0\.0\.0\/8 for the whole range\./],
    ["0.0.0.0/0", /“0\.0\.0\.0\/0” covers every IP address/],
    ["203.0.113.7\nhere", /“here” isn't an IP address/],
  ] as const) {
    await addresses.fill(typed);
    await create.click();
    await expect(addresses).toHaveAccessibleDescription(said);
    await expect(addresses).toHaveValue(typed);
  }
  await addresses.fill("");
  await dialog.getByLabel("Resource access").selectOption({ label: "One event" });
  await dialog.getByLabel("Event ID").fill("42");
  await create.click();
  await expect(dialog.getByLabel("Event ID")).toHaveAccessibleDescription(/“42” isn't a valid ID/);
  await expect(dialog.getByLabel("Name")).toHaveValue("Warehouse");
  expect(await countKeys(team)).toBe(0);
});

test("an admin revokes a colleague's key, and is offered nothing else with it", async ({
  page,
  team,
  join,
  developer,
}) => {
  const { token } = await createTestKey(developer.actor, { name: "Left behind" });
  await signIn(page.context(), await join("Admin"));
  await page.goto(`/${team.slug}/settings/api-keys?kind=all`);
  await page.getByRole("button", { name: "Actions for Left behind" }).click();
  await expect(page.getByRole("menuitem")).toHaveText(["Details", "Revoke"]);
  await page.getByRole("menuitem", { name: "Revoke" }).click();
  await page.getByRole("button", { name: "Revoke key" }).click();
  await expect(toast(page, "Revoked Left behind")).toBeVisible();
  expect((await askApi(token, ME)).status).toBe(401);
  await expect(rowOf(page, "Left behind")).toContainText("Revoked");
});
