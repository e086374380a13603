import { createTestKey, inDays } from "@/lib/testing/fixtures";
import { setTestPolicy } from "@/lib/testing/set-policy";
import { expectAccessible } from "./accessible";
import { chooseAction, closeToken, expect, sql, TOKEN, test } from "./fixtures";

const STRICT = { maxLifetimeDays: 30, mayNeverExpire: false, requiresIps: true, defaultLifetime: "2w" };

test("a leaked key that breaks the policy is rotated in one step: the dialog offers what the policy wants", async ({
  keysPage: page,
  developer,
  team,
}) => {
  const { id } = await createTestKey(developer.actor, { name: "Old importer", expiresAt: inDays(365) });
  await setTestPolicy(team.id, STRICT);
  await page.reload();
  await chooseAction(page, "Old importer", "Rotate");
  const dialog = page.getByRole("dialog", { name: "Rotate “Old importer”" });
  await expect(dialog.getByLabel("Expires")).toHaveValue("1m");
  await expect(
    dialog.getByText("This key was created for 1 year, which your team's policy no longer allows."),
  ).toBeVisible();
  await expect(dialog.getByLabel("Expires").getByRole("option")).toHaveText([
    "1 day",
    "3 days",
    "7 days",
    "2 weeks (default)",
    "1 month",
    "On a date…",
  ]);
  await dialog.getByRole("button", { name: "Rotate key" }).click();
  await expect(dialog.getByText("Your team's policy requires an IP allowlist.")).toBeVisible();
  await dialog.getByLabel("IP allowlist").fill("203.0.113.300");
  await dialog.getByRole("button", { name: "Rotate key" }).click();
  await expect(dialog.getByText("isn't an IP address")).toBeVisible();
  await expectAccessible(page);
  await dialog.getByLabel("IP allowlist").fill("203.0.113.7");
  await dialog.getByRole("button", { name: "Rotate key" }).click();
  await expect(page.getByRole("textbox", { name: "Token" })).toHaveValue(TOKEN);
  expect(await sql("select allowed_ips from api_keys where rotated_from_id = $1", [id])).toEqual([
    { allowed_ips: ["203.0.113.7/32"] },
  ]);
  await closeToken(page);
});

test("renewing and duplicating choose the longest lifetime that the policy allows, and say so", async ({
  keysPage: page,
  developer,
  team,
}) => {
  await createTestKey(developer.actor, { name: "Expired", createdAt: inDays(-100), expiresAt: inDays(-10) });
  await createTestKey(developer.actor, { name: "Endless", expiresAt: null });
  await setTestPolicy(team.id, STRICT);
  await page.reload();
  await chooseAction(page, "Expired", "Renew");
  const renew = page.getByRole("dialog", { name: "Renew “Expired”" });
  await expect(renew.getByLabel("Expires")).toHaveValue("1m");
  await expect(renew.getByLabel("IP allowlist")).toBeVisible();
  await page.keyboard.press("Escape");
  await chooseAction(page, "Endless", "Duplicate");
  const create = page.getByRole("dialog", { name: "Create API key" });
  await expect(create.getByLabel("Expires")).toHaveValue("1m");
  await expect(create.getByText("This key never expires, which your team's policy no longer allows.")).toBeVisible();
  await create.getByLabel("Expires").selectOption("2w");
  await expect(create.getByText("This key never expires")).toHaveCount(0);
});

test("without a policy a successor lives as long as the key before, and the dialog says until when", async ({
  keysPage: page,
  developer,
}) => {
  await createTestKey(developer.actor, { name: "Odd", createdAt: inDays(-1), expiresAt: inDays(44) });
  await page.reload();
  await chooseAction(page, "Odd", "Rotate");
  const dialog = page.getByRole("dialog", { name: "Rotate “Odd”" });
  await expect(dialog.getByLabel("Expires")).toHaveValue("keep");
  await expect(dialog.getByRole("option", { name: "Same as before: 45 days" })).toBeAttached();
  await expect(dialog.getByText(/^Stops working on/)).toBeVisible();
  await expect(dialog.getByLabel("IP allowlist")).toHaveCount(0);
});
