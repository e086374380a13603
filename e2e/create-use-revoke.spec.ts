import { at, callApi, createKey, expect, rowOf, signInByForm, TOKEN, test, toast } from "./fixtures";

const event = JSON.stringify({ name: "Spring fair", starts_at: "2027-05-01T18:00:00Z" });

test("a key is made, copied, used, and refused by the very next request after it is revoked", async ({
  page,
  context,
  team,
  developer,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto(`/${team.slug}/settings/api-keys`);
  await signInByForm(page, developer);

  await expect(page.getByRole("heading", { name: "No API keys yet" })).toBeVisible();
  await expect(page.getByText(/Create one key per script or integration/)).toBeVisible();
  await page.getByRole("button", { name: "Create your first API key" }).click();

  const dialog = page.getByRole("dialog", { name: "Create API key" });
  await dialog.getByLabel("Name").fill("Zapier production");
  await dialog.getByRole("button", { name: "Read only" }).click();
  await expect(dialog.getByRole("checkbox", { name: /events\.read/ })).toBeChecked();
  await expect(dialog.getByRole("checkbox", { name: /events\.write/ })).not.toBeChecked();
  const expires = dialog.getByLabel("Expires");
  await expect(expires).toHaveValue("90d");
  await expect(expires.getByRole("option", { name: "90 days (recommended)" })).toHaveCount(1);
  await dialog.getByRole("button", { name: "Create API key" }).click();

  const ready = page.getByRole("dialog", { name: "“Zapier production” is ready" });
  await expect(ready.getByText("You won't see it again.")).toBeVisible();
  const token = await ready.getByRole("textbox", { name: "Token" }).inputValue();
  expect(token).toMatch(new RegExp(`^${TOKEN.source}$`));
  await ready.getByRole("button", { name: "Copy token" }).click();
  await expect(ready.getByRole("button", { name: "Copied" })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(token);

  const command = await ready.getByRole("textbox", { name: "Try it" }).inputValue();
  expect(command).toBe(`curl -H "Authorization: Bearer ${token}" ${at("/api/v1/me")}`);
  await expect(ready.getByText("Waiting for the first request…")).toBeVisible();
  expect(await callApi(token, "/api/v1/me")).toMatchObject({
    status: 200,
    body: { success: true, data: { key: { name: "Zapier production" }, team: { slug: team.slug } } },
  });
  await expect(ready.getByText("First request received")).toBeVisible();
  await ready.getByRole("button", { name: "Done" }).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);

  const row = rowOf(page, "Zapier production");
  const today = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium" }).format(new Date());
  await expect(row.getByRole("cell")).toContainText([
    "",
    "Zapier production",
    `${token.slice(0, 11)}…${token.slice(-4)}`,
    /events\.read.*contacts\.read.*\+2/,
    "just now",
    "in 90 days",
    today,
    "Active",
    "",
  ]);

  expect((await callApi(token, "/api/v1/organizer/events")).status).toBe(200);
  const refused = await callApi(token, "/api/v1/organizer/events", { method: "POST", body: event });
  expect(refused).toMatchObject({ status: 403, body: { success: false, code: "insufficient_scope" } });
  expect(refused.body.detail).toContain("events.write");
  expect(refused.headers.get("www-authenticate")).toContain('scope="events.write"');

  await page.getByRole("button", { name: "Actions for Zapier production" }).click();
  await page.getByRole("menuitem", { name: "Revoke" }).click();
  const question = page.getByRole("dialog", { name: "Revoke “Zapier production”?" });
  await expect(question.getByText(/It was last used just now/)).toBeVisible();
  await expect(question.getByText(/can't be undone/)).toBeVisible();
  await question.getByRole("button", { name: "Revoke key" }).click();

  const confirmation = toast(page, "Revoked Zapier production");
  await expect(confirmation).toBeVisible();
  const next = await callApi(token, "/api/v1/me");
  expect(next).toMatchObject({ status: 401, body: { code: "invalid_token", detail: "The token was revoked." } });
  expect(next.headers.get("www-authenticate")).toContain('error="invalid_token"');

  const box = await confirmation.boundingBox();
  const viewport = page.viewportSize();
  expect(box && viewport && viewport.width - box.x - box.width).toBeLessThan(32);
  expect(box && viewport && viewport.height - box.y - box.height).toBeLessThan(32);

  await expect(row.getByText("Revoked", { exact: true })).toBeVisible();
  await row.getByRole("button", { name: /^Actions/ }).click();
  await expect(page.getByRole("menuitem")).toHaveText(["Details", "Duplicate"]);
  await page.reload();
  await expect(row.getByText("Revoked", { exact: true })).toBeVisible();
});

test("a key with full access writes what it may read back", async ({ keysPage }) => {
  const token = await createKey(keysPage, { name: "n8n nightly sync", preset: "Full access" });
  const created = await callApi(token, "/api/v1/organizer/events", { method: "POST", body: event });
  expect(created).toMatchObject({ status: 201, body: { success: true, data: { name: "Spring fair" } } });
  const list = await callApi(token, "/api/v1/organizer/events");
  expect(list.body).toMatchObject({ data: { events: [{ name: "Spring fair" }] } });
});
