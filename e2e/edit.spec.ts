import type { Page } from "@playwright/test";
import { createTestKey, inDays } from "@/lib/testing/fixtures";
import { setTestPolicy } from "@/lib/testing/set-policy";
import { auditOf, test as base, captureAction, chooseAction, expect, rowOf, sendAction, toast } from "./fixtures";

/** A page that lists one key, "Zapier production", which never expires. */
const test = base.extend<{ keyPage: Page }>({
  keyPage: async ({ keysPage, developer }, use) => {
    await createTestKey(developer.actor, { name: "Zapier production" });
    await keysPage.reload();
    await use(keysPage);
  },
});

/** A date field's value, counted from today in the browser's calendar. */
function dayFromNow(days: number): string {
  const date = new Date();
  date.setDate(date.getDate() + days);
  const two = (part: number) => String(part).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

test("a new name is saved, confirmed and listed; an empty one leaves the key without", async ({ keyPage, team }) => {
  await chooseAction(keyPage, "Zapier production", "Edit name");
  const name = keyPage.getByRole("dialog", { name: "Edit name" }).getByLabel("Name");
  await expect(name).toHaveValue("Zapier production");
  await name.fill("  Zapier staging ");
  await keyPage.getByRole("button", { name: "Save name" }).click();
  await expect(toast(keyPage, "Name saved")).toBeVisible();
  await expect(rowOf(keyPage, "Zapier staging")).toBeVisible();
  await expect(rowOf(keyPage, "Zapier production")).toHaveCount(0);

  await chooseAction(keyPage, "Zapier staging", "Edit name");
  await name.fill("");
  await name.press("Enter");
  await expect(rowOf(keyPage, "No name")).toBeVisible();
  const entries = await auditOf(team, "api_key.renamed");
  expect(entries.map(({ details }) => details)).toEqual([
    { kind: "personal", from: "Zapier staging", to: null },
    { kind: "personal", from: "Zapier production", to: "Zapier staging" },
  ]);
});

test("a name that the server refuses is marked at its field and kept", async ({ keyPage }) => {
  await chooseAction(keyPage, "Zapier production", "Edit name");
  const name = keyPage.getByRole("dialog").getByLabel("Name");
  await name.evaluate((input: HTMLInputElement) => input.removeAttribute("maxlength"));
  const long = "long ".repeat(17).trim();
  await name.fill(long);
  await keyPage.getByRole("button", { name: "Save name" }).click();
  await expect(name).toHaveAccessibleDescription("Use at most 80 characters.");
  await expect(name).toHaveAttribute("aria-invalid", "true");
  await expect(name).toHaveValue(long);
  await name.fill("Right this time");
  await keyPage.getByRole("button", { name: "Save name" }).click();
  await expect(rowOf(keyPage, "Right this time")).toBeVisible();
});

test("a vague name draws a hint and is taken all the same", async ({ keysPage }) => {
  await keysPage.getByRole("button", { name: "Create API key" }).click();
  const dialog = keysPage.getByRole("dialog");
  const name = dialog.getByLabel("Name");
  for (const vague of ["test", "new key", "API key 2", "tmp"]) {
    await name.fill(vague);
    await expect(name).toHaveAccessibleDescription(new RegExp(`“${vague}” will be hard to recognize later`));
    await expect(name).not.toHaveAttribute("aria-invalid");
  }
  await name.fill("Finance export job");
  await expect(name).toHaveAccessibleDescription("");
  await name.fill("test");
  await dialog.getByRole("button", { name: "Read only" }).click();
  await dialog.getByRole("button", { name: "Create API key" }).click();
  await expect(keysPage.getByRole("dialog", { name: "“test” is ready" })).toBeVisible();
});

test("what is missing is marked at its field, and nothing picked or typed is lost", async ({ keysPage }) => {
  await keysPage.getByRole("button", { name: "Create API key" }).click();
  const dialog = keysPage.getByRole("dialog");
  await dialog.getByLabel("Name").fill("Warehouse staging");
  await dialog.getByLabel("Expires").selectOption("On a date…");
  await dialog.getByLabel("Last day").fill("2020-01-01");
  await dialog.getByRole("button", { name: "Create API key" }).click();
  await expect(dialog.getByRole("group", { name: /^Scopes/ })).toHaveAccessibleDescription(
    "Select at least one scope.",
  );
  await expect(dialog.getByLabel("Last day")).toHaveAccessibleDescription(/Choose a date in the future\./);
  await expect(dialog.getByLabel("Name")).toHaveValue("Warehouse staging");
  await expect(dialog.getByLabel("Last day")).toHaveValue("2020-01-01");

  await dialog.getByRole("checkbox", { name: "events.read" }).check();
  await dialog.getByLabel("Last day").fill("");
  await dialog.getByRole("button", { name: "Create API key" }).click();
  await expect(dialog.getByLabel("Last day")).toHaveAccessibleDescription(/Choose a date\./);
  await dialog.getByLabel("Last day").fill(dayFromNow(7));
  await dialog.getByRole("button", { name: "Create API key" }).click();
  await expect(keysPage.getByRole("dialog", { name: "“Warehouse staging” is ready" })).toBeVisible();
});

test("the expiry moves earlier, later, to a date and to never", async ({ keyPage, team }) => {
  const row = rowOf(keyPage, "Zapier production");
  const dialog = keyPage.getByRole("dialog", { name: "Change expiration" });
  async function change(choice: string, day?: string) {
    await chooseAction(keyPage, "Zapier production", "Change expiration");
    await dialog.getByLabel("Expires").selectOption({ label: choice });
    if (day) await dialog.getByLabel("Last day").fill(day);
    await dialog.getByRole("button", { name: "Save expiration" }).click();
    await expect(dialog).toHaveCount(0);
    await expect(toast(keyPage, "Expiration saved").last()).toBeVisible();
  }
  await change("1 year");
  await expect(row).toContainText("in 12 months");
  await change("2 weeks");
  await expect(row).toContainText("in 14 days");
  await change("On a date…", dayFromNow(30));
  await expect(row).toContainText(/in 3[01] days/);
  await change("Never");
  await expect(row).toContainText(/Never.*Never.*Active/);
  expect(await auditOf(team, "api_key.expiry_changed")).toHaveLength(4);
});

test("a date in the past is refused at its field, and the old expiry stays", async ({ keyPage, team }) => {
  await chooseAction(keyPage, "Zapier production", "Change expiration");
  const dialog = keyPage.getByRole("dialog");
  await dialog.getByLabel("Expires").selectOption("On a date…");
  const day = dialog.getByLabel("Last day");
  await day.fill(dayFromNow(-1));
  await dialog.getByRole("button", { name: "Save expiration" }).click();
  await expect(day).toHaveAccessibleDescription(/Choose a date in the future\./);
  await expect(day).toHaveValue(dayFromNow(-1));
  await day.fill("2199-01-01");
  await dialog.getByRole("button", { name: "Save expiration" }).click();
  await expect(day).toHaveAccessibleDescription(/within 10 years, or “Never”/);
  expect(await auditOf(team, "api_key.expiry_changed")).toHaveLength(0);
});

for (const timezoneId of ["Pacific/Auckland", "America/Los_Angeles"]) {
  test.describe(`in ${timezoneId}`, () => {
    test.use({ timezoneId });

    test("the last day that the picker allows is one that the server takes", async ({ keyPage, team, developer }) => {
      const dialog = keyPage.getByRole("dialog", { name: "Change expiration" });
      async function chooseLastDay(name: string) {
        await chooseAction(keyPage, name, "Change expiration");
        await dialog.getByLabel("Expires").selectOption("date");
        const day = dialog.getByLabel("Last day");
        await day.fill((await day.getAttribute("max")) ?? "");
        await dialog.getByRole("button", { name: "Save expiration" }).click();
        await expect(dialog).toHaveCount(0);
      }
      await chooseLastDay("Zapier production");
      await setTestPolicy(team.id, { maxLifetimeDays: 30, mayNeverExpire: false, defaultLifetime: "2w" });
      await createTestKey(developer.actor, { name: "Aging", createdAt: inDays(-20), expiresAt: inDays(2) });
      await keyPage.reload();
      await chooseLastDay("Aging");
      expect(await auditOf(team, "api_key.expiry_changed")).toHaveLength(2);
    });
  });
}

test("a key that was revoked in another tab can't be changed any more, and the dialog says why", async ({
  keyPage,
  context,
}) => {
  await chooseAction(keyPage, "Zapier production", "Edit name");
  const tab = await context.newPage();
  await tab.goto(keyPage.url());
  await chooseAction(tab, "Zapier production", "Revoke");
  const revoke = await captureAction(tab, () => tab.getByRole("button", { name: "Revoke key" }).click());
  await expect(toast(tab, "Revoked Zapier production")).toBeVisible();
  expect((await sendAction(context, revoke)).result).toMatchObject({ ok: false, error: { code: "conflict" } });

  await keyPage.getByRole("dialog").getByLabel("Name").fill("Too late");
  await keyPage.getByRole("button", { name: "Save name" }).click();
  await expect(
    keyPage.getByRole("alert").filter({ hasText: "This key is already revoked and can't be changed." }),
  ).toBeVisible();
});
