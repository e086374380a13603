import type { Page } from "@playwright/test";
import { createTestKey, recordTestUse } from "@/lib/testing/fixtures";
import { expectAccessible } from "./accessible";
import { askApi } from "./ask-api";
import { auditOf, chooseAction, expect, rowOf, sql, TOKEN, test, toast } from "./fixtures";

const ME = "/api/v1/me";

/** Rotates in the dialog and returns the new token; its dialog stays open. */
async function rotate(page: Page, name: string, overlap?: string): Promise<string> {
  await chooseAction(page, name, "Rotate");
  const dialog = page.getByRole("dialog", { name: `Rotate “${name}”` });
  if (overlap) await dialog.getByLabel("Grace period").selectOption({ label: overlap });
  await dialog.getByRole("button", { name: "Rotate key" }).click();
  const field = page.getByRole("textbox", { name: "Token" });
  await expect(field).toHaveValue(TOKEN);
  return field.inputValue();
}

async function closeToken(page: Page) {
  await page.getByRole("button", { name: "Done" }).click();
  await page.getByRole("button", { name: "Close without copying" }).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
}

/** The menu button of the replaced key's row. */
const replacedRow = (page: Page) => page.getByRole("row").filter({ hasText: "Replaced, ends" });

test("both tokens work during the overlap, and the old one stops the moment it is ended", async ({
  keysPage: page,
  developer,
  team,
}) => {
  const { id, token } = await createTestKey(developer.actor, { name: "Zapier production" });
  await page.reload();
  const successor = await rotate(page, "Zapier production");
  await expect(page.getByRole("dialog", { name: "“Zapier production” is ready" })).toContainText(
    "The old token works until",
  );
  expect(successor).not.toBe(token);
  await closeToken(page);
  for (const each of [token, successor]) expect((await askApi(each, ME)).status).toBe(200);
  await expect(replacedRow(page)).toContainText(/ends in (24 hours|1 day)/);
  await expect(page.getByText("1 of 10 active")).toBeVisible();
  // Calls are written about a second later.
  await expect.poll(() => sql("select 1 from api_key_usage where key_id = $1", [id])).toHaveLength(1);

  await replacedRow(page).getByRole("button", { name: "Actions for Zapier production" }).click();
  await page.getByRole("menuitem", { name: "End grace period now" }).click();
  const dialog = page.getByRole("dialog", { name: "Replacing “Zapier production”" });
  await expect(dialog.getByRole("region", { name: "Old token" })).toContainText(token.slice(-4));
  await expect(dialog.getByRole("region", { name: "New token" })).toContainText(successor.slice(-4));
  await expect(dialog.getByRole("status").filter({ hasText: "Still used" })).toBeVisible();
  await dialog.getByRole("button", { name: "End grace period now" }).click();
  await expect(dialog.getByRole("alert").filter({ hasText: "will fail immediately with 401" })).toBeVisible();
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "End it now" }).click();
  await expect(toast(page, "Grace period ended")).toBeVisible();
  expect((await askApi(token, ME)).status).toBe(401);
  expect((await askApi(successor, ME)).status).toBe(200);
  const [rotated] = await auditOf(team, "api_key.rotated");
  const [ended] = await auditOf(team, "api_key.overlap_ended");
  expect(rotated?.details).toMatchObject({ overlap: "24h" });
  expect(ended?.details).toMatchObject({ successor: rotated?.details.successor });
  const rows = await sql<{ id: string }>("select id from api_keys where rotated_from_id = $1", [id]);
  expect(rows).toEqual([{ id: rotated?.details.successor }]);
});

test("without an overlap the old token stops at once", async ({ keysPage: page, developer }) => {
  const { token } = await createTestKey(developer.actor, { name: "Leaked key" });
  await page.reload();
  const successor = await rotate(page, "Leaked key", "Revoke the old token immediately");
  expect((await askApi(token, ME)).status).toBe(401);
  expect((await askApi(successor, ME)).status).toBe(200);
  await expect(page.getByRole("dialog")).toContainText("The old token has stopped working.");
  await closeToken(page);
  await expect(page.getByRole("row").filter({ hasText: "Revoked" })).toBeVisible();
});

test("the meter says when it is safe, and ending the overlap is asked for once more all the same", async ({
  keysPage: page,
  developer,
}) => {
  const old = await createTestKey(developer.actor, { name: "Nightly export" });
  await recordTestUse(old.id, new Date(Date.now() - 3 * 3_600_000));
  await page.reload();
  const successor = await rotate(page, "Nightly export", "7 days");
  await closeToken(page);
  await replacedRow(page)
    .getByRole("button", { name: /^Actions/ })
    .click();
  await page.getByRole("menuitem", { name: "End grace period now" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("status")).toContainText("The new token hasn't been used yet");
  await page.keyboard.press("Escape");
  await askApi(successor, ME);
  const isUsed = async () =>
    (
      await sql("select 1 from api_key_usage u join api_keys k on k.id = u.key_id where k.rotated_from_id = $1", [
        old.id,
      ])
    ).length;
  await expect.poll(isUsed).toBe(1);
  await replacedRow(page)
    .getByRole("button", { name: /^Actions/ })
    .click();
  await page.getByRole("menuitem", { name: "End grace period now" }).click();
  await expect(dialog.getByRole("status")).toContainText("No recent requests with the old token.");
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "End grace period now" }).click();
  await expect(
    dialog.getByRole("alert").filter({ hasText: "Requests with the old token will fail immediately" }),
  ).toBeVisible();
  expect((await askApi(old.token, ME)).status).toBe(200);
  await dialog.getByRole("button", { name: "End it now" }).click();
  await expect(toast(page, "Grace period ended")).toBeVisible();
  expect((await askApi(old.token, ME)).status).toBe(401);
});

test("an expired key is renewed with the same configuration, a revoked one only duplicated", async ({
  keysPage: page,
  developer,
}) => {
  const expired = {
    name: "Old export",
    scopes: ["events.read", "contacts.read"],
    allowedIps: ["127.0.0.0/8", "::1/128"],
  };
  const day = 86_400_000;
  await createTestKey(developer.actor, {
    ...expired,
    createdAt: new Date(Date.now() - 100 * day),
    expiresAt: new Date(Date.now() - 10 * day),
  });
  await createTestKey(developer.actor, { name: "Revoked export", revokedAt: new Date() });
  await page.reload();
  await page.getByRole("button", { name: "Actions for Revoked export" }).click();
  await expect(page.getByRole("menuitem")).toHaveText(["Details", "Duplicate"]);
  await page.keyboard.press("Escape");
  await chooseAction(page, "Old export", "Renew");
  await page.getByRole("dialog").getByRole("button", { name: "Renew key" }).click();
  const token = await page.getByRole("textbox", { name: "Token" }).inputValue();
  const answer = await askApi(token, ME);
  expect(answer).toMatchObject({
    status: 200,
    body: { data: { key: { name: "Old export", scopes: expired.scopes, allowed_ips: expired.allowedIps } } },
  });
  await closeToken(page);
  await expect(rowOf(page, "Old export").filter({ hasText: "Active" })).toContainText("in 90 days");
});

test("a duplicate opens the form filled in, and is a key of its own", async ({ keysPage: page, developer, team }) => {
  await createTestKey(developer.actor, { name: "Import", scopes: ["events.write"], allowedIps: ["127.0.0.1/32"] });
  await page.reload();
  await chooseAction(page, "Import", "Duplicate");
  const dialog = page.getByRole("dialog", { name: "Create API key" });
  await expect(dialog.getByLabel("Name")).toHaveValue("Import copy");
  await expect(dialog.getByRole("checkbox", { name: "events.write" })).toBeChecked();
  await expect(dialog.getByLabel("Expires")).toHaveValue("never");
  await expect(dialog.getByLabel("IP allowlist")).toHaveValue("127.0.0.1");
  await dialog.getByRole("button", { name: "Create API key" }).click();
  await expect(page.getByRole("textbox", { name: "Token" })).toHaveValue(TOKEN);
  await closeToken(page);
  await expect(rowOf(page, "Import copy")).toBeVisible();
  expect(await auditOf(team, "api_key.rotated")).toEqual([]);
});
