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
  await dialog.getByText("Narrow it").click();
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
  await chooseAction(page, "Warehouse", "Narrow");
  const narrow = page.getByRole("dialog", { name: "Narrow" });
  await narrow.getByLabel("Reaches").selectOption({ label: "One event" });
  await narrow.getByLabel("Event id").fill("12");
  await narrow.getByLabel("Addresses").fill("203.0.113.300");
  await narrow.getByRole("button", { name: "Save" }).click();
  await expect(narrow.getByText("“12” is no UUID")).toBeVisible();
  await expect(narrow.getByText("“203.0.113.300” is no IPv4 or IPv6 address")).toBeVisible();
});

test("a key narrowed to other addresses gets 403, and is let in as soon as ours are among them", async ({
  keysPage: page,
  team,
}) => {
  const dialog = await fillIn(page, "Warehouse");
  await dialog.getByLabel("Addresses").fill(ELSEWHERE);
  await expect(dialog.getByText("(the whole team, from 1 address)")).toBeVisible();
  await dialog.getByRole("button", { name: "Create API key" }).click();
  const token = await takeToken(page);
  expect(await askApi(token, ME)).toMatchObject({ status: 403, body: { success: false } });
  expect((await askApi(token, EVENTS)).status).toBe(403);

  await chooseAction(page, "Warehouse", "Narrow");
  const narrow = page.getByRole("dialog", { name: "Narrow" });
  await expect(narrow.getByLabel("Addresses")).toHaveValue(ELSEWHERE);
  await narrow.getByLabel("Addresses").fill(`${ELSEWHERE}\n${HERE}`);
  await expectAccessible(page);
  await narrow.getByRole("button", { name: "Save" }).click();
  await expect(toast(page, "Narrowing saved")).toBeVisible();
  expect((await askApi(token, ME)).status).toBe(200);
  const [entry] = await auditOf(team, "api_key.narrowed");
  expect(entry?.details).toMatchObject({
    from: { allowed_ips: [`${ELSEWHERE}/32`] },
    to: { allowed_ips: [`${ELSEWHERE}/32`, "127.0.0.0/8", "::1/128"] },
  });
});

test("a key narrowed to one event says so, and reaches no other", async ({ keysPage: page }) => {
  const dialog = await fillIn(page, "Box office");
  await dialog.getByLabel("Reaches").selectOption({ label: "One event" });
  await dialog.getByLabel("Event id").fill(EVENT.toUpperCase());
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
  const addresses = dialog.getByLabel("Addresses");
  const create = dialog.getByRole("button", { name: "Create API key" });
  for (const [typed, said] of [
    ["10.0.0.5/8", /Write 10\.0\.0\.0\/8 for the whole range\./],
    ["0.0.0.0/0", /“0\.0\.0\.0\/0” means every address/],
    ["203.0.113.7\nhere", /“here” is no IPv4 or IPv6 address/],
  ] as const) {
    await addresses.fill(typed);
    await create.click();
    await expect(addresses).toHaveAccessibleDescription(said);
    await expect(addresses).toHaveValue(typed);
  }
  await addresses.fill("");
  await dialog.getByLabel("Reaches").selectOption({ label: "One event" });
  await dialog.getByLabel("Event id").fill("42");
  await create.click();
  await expect(dialog.getByLabel("Event id")).toHaveAccessibleDescription(/“42” is no UUID/);
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
