import { createTestKey, createTestKeys, recordTestUse } from "@/lib/testing/fixtures";
import { expectAccessible } from "./accessible";
import { auditOf, callApi, captureAction, expect, rowOf, sendAction, signIn, sql, test, toast } from "./fixtures";

const boxOf = (name: string) => ({ name: `Select ${name}`, exact: true });

test("chosen keys are revoked together, after a look at their use, and refused from then on", async ({
  keysPage: page,
  developer,
  team,
}) => {
  const busy = await createTestKey(developer.actor, { name: "Busy" });
  const idle = await createTestKey(developer.actor, { name: "Idle" });
  const kept = await createTestKey(developer.actor, { name: "Kept" });
  await createTestKey(developer.actor, { name: "Dead", revokedAt: new Date() });
  await recordTestUse(busy.id, new Date());
  await page.reload();
  await expect(page.getByRole("checkbox", boxOf("Dead"))).toHaveCount(0);
  await page.getByRole("checkbox", boxOf("Busy")).focus();
  await page.keyboard.press("Space");
  await page.getByRole("checkbox", boxOf("Idle")).check();
  const bar = page.getByRole("region", { name: "Selected keys" });
  await expect(bar).toContainText("2 selected");
  await expectAccessible(page);
  await bar.getByRole("button", { name: "Revoke 2 keys…" }).click();
  const dialog = page.getByRole("dialog", { name: "Revoke 2 keys?" });
  const atStake = dialog.getByRole("listitem");
  await expect(atStake.first()).toContainText("Busy");
  await expect(atStake.first()).toContainText("1 request today");
  await expect(atStake.nth(1)).toContainText("Never used");
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expect(bar.getByRole("button", { name: "Revoke 2 keys…" })).toBeFocused();

  await bar.getByRole("button", { name: "Revoke 2 keys…" }).click();
  await expect(atStake).toHaveCount(2);
  await dialog.getByRole("button", { name: "Revoke 2 keys" }).click();
  await expect(toast(page, "Revoked 2 keys")).toBeVisible();
  await expect(bar).toHaveCount(0);
  for (const name of ["Busy", "Idle"])
    await expect(rowOf(page, name).getByText("Revoked", { exact: true })).toBeVisible();
  for (const { token } of [busy, idle]) expect((await callApi(token, "/api/v1/me")).status).toBe(401);
  expect((await callApi(kept.token, "/api/v1/me")).status).toBe(200);
  const entries = await auditOf(team, "api_key.revoked");
  expect(entries.map(({ target_label }) => target_label).sort()).toEqual(["Busy", "Idle"]);
  expect(new Set(entries.map(({ details }) => details.batch)).size).toBe(1);
});

test("one chosen key is spoken of as one", async ({ keysPage: page, developer }) => {
  const { id } = await createTestKey(developer.actor, { name: "Alone" });
  await recordTestUse(id, new Date());
  await page.reload();
  await page.getByRole("checkbox", boxOf("Alone")).check();
  await page.getByRole("button", { name: "Revoke 1 key…" }).click();
  const dialog = page.getByRole("dialog", { name: "Revoke 1 key?" });
  await expect(dialog.getByText("Requests with this key will fail immediately with 401.")).toContainText(
    "The key stays in your list as Revoked.",
  );
  await expect(dialog.getByText("It was used today.")).toBeVisible();
});

test("more than ten are revoked only when their number is typed; Shift chooses a range, and all of the page at once", async ({
  keysPage: page,
  developer,
  team,
}) => {
  await createTestKeys(
    developer.actor,
    Array.from({ length: 12 }, (_, n) => ({ name: `Key ${n}`, createdAt: new Date(Date.now() - n * 60_000) })),
  );
  await page.reload();
  const bar = page.getByRole("region", { name: "Selected keys" });
  await page.getByRole("checkbox", boxOf("Key 2")).click();
  await page.getByRole("checkbox", boxOf("Key 6")).click({ modifiers: ["Shift"] });
  await expect(bar).toContainText("5 selected");
  await page.getByRole("checkbox", { name: "Select all on this page" }).check();
  await expect(bar).toContainText("12 selected");
  await page.getByRole("searchbox").fill("Key 11");
  await expect(page.getByRole("row")).toHaveCount(2);
  await expect(bar).toContainText("12 selected");
  await bar.getByRole("button", { name: "Revoke 12 keys…" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("listitem")).toHaveCount(12);
  await dialog.getByRole("button", { name: "Revoke 12 keys" }).click();
  await expect(dialog.getByText("Enter 12.")).toBeVisible();
  await expectAccessible(page);
  await sql("update api_keys set revoked_at = now() where team_id = $1 and name = 'Key 3'", [team.id]);
  await dialog.getByLabel("Enter 12 to confirm").fill("12");
  await page.keyboard.press("Enter");
  await expect(toast(page, "Revoked 11 keys. 1 key was already revoked or expired.")).toBeVisible();
  const [left] = await sql<{ count: number }>(
    "select count(*)::int from api_keys where team_id = $1 and revoked_at is null",
    [team.id],
  );
  expect(left?.count).toBe(0);
});

test("an Admin revokes others' personal keys from the list of all; a Developer's batch with such a key changes nothing", async ({
  page,
  browser,
  team,
  developer,
  join,
}) => {
  const theirs = await createTestKey((await join("Developer")).actor, { name: "Theirs" });
  const own = await createTestKey(developer.actor, { name: "Own" });
  const context = await browser.newContext();
  await signIn(context, developer);
  const developersPage = await context.newPage();
  await developersPage.goto(`/${team.slug}/settings/api-keys`);
  await developersPage.getByRole("checkbox", boxOf("Own")).check();
  await developersPage.getByRole("button", { name: "Revoke 1 key…" }).click();
  await expect(developersPage.getByRole("dialog").getByRole("listitem")).toHaveCount(1);
  const call = await captureAction(developersPage, async () => {
    await developersPage.route("**/*", (route) =>
      route.request().method() === "POST" ? route.abort() : route.fallback(),
    );
    await developersPage.getByRole("dialog").getByRole("button", { name: "Revoke 1 key" }).click();
  });
  const answer = await sendAction(context, { ...call, args: [team.slug, { ids: [own.id, theirs.id] }] });
  expect(answer.result).toMatchObject({ ok: false, error: { code: "not_found" } });
  for (const { token } of [own, theirs]) expect((await callApi(token, "/api/v1/me")).status).toBe(200);
  await context.close();

  await signIn(page.context(), await join("Admin"));
  await page.goto(`/${team.slug}/settings/api-keys?kind=all`);
  await page.getByRole("checkbox", { name: "Select all on this page" }).check();
  await page.getByRole("button", { name: "Revoke 2 keys…" }).click();
  await expect(page.getByRole("dialog").getByRole("listitem")).toHaveCount(2);
  await page.getByRole("dialog").getByRole("button", { name: "Revoke 2 keys" }).click();
  await expect(toast(page, "Revoked 2 keys")).toBeVisible();
  for (const { token } of [own, theirs]) expect((await callApi(token, "/api/v1/me")).status).toBe(401);
});
