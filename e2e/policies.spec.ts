import { createTestKey, createTestKeys, inDays, type TestTeam } from "@/lib/testing/fixtures";
import { expectAccessible } from "./accessible";
import { auditOf, expect, signIn, sql, TOKEN, test, toast } from "./fixtures";

const path = (team: TestTeam) => `/${team.slug}/settings/policies`;

test("a policy says before it is saved which keys would break it, lists them after, and ends none", async ({
  page,
  team,
  join,
}) => {
  await signIn(page.context(), await join("Admin"));
  const { actor } = await join("Developer");
  const { id } = await createTestKey(actor, { name: "Old importer", expiresAt: null });
  await createTestKey(actor, { name: "Fits", expiresAt: inDays(30) });
  await page.goto(path(team));
  await expect(page.getByText("All active keys comply.")).toBeVisible();

  await page.getByLabel("Maximum lifetime (days)").fill("90");
  await expect(page.getByRole("checkbox", { name: "Allow keys that never expire" })).toBeDisabled();
  await page.getByRole("button", { name: "Save policy" }).click();
  const dialog = page.getByRole("dialog", { name: "1 active key doesn't comply" });
  await expect(dialog.getByRole("link", { name: "Old importer" })).toHaveAttribute(
    "href",
    new RegExp(`/api-keys/${id}$`),
  );
  await expect(dialog.getByText("never expires")).toBeVisible();
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByLabel("Maximum lifetime (days)")).toHaveValue("90");
  expect(await auditOf(team, "policy.changed")).toHaveLength(0);

  await page.getByRole("button", { name: "Save policy" }).click();
  await dialog.getByRole("button", { name: "Save policy" }).click();
  await expect(toast(page, "Policy saved")).toBeVisible();
  const list = page.getByRole("region", { name: "Keys that don't comply" });
  await expect(list.getByRole("link", { name: "Old importer" })).toHaveAttribute(
    "href",
    new RegExp(`/api-keys/${id}$`),
  );
  await expect(list.getByRole("listitem")).toHaveCount(1);
  await expect(list.getByRole("link", { name: "Review these keys" })).toHaveAttribute(
    "href",
    /\/api-keys\/review#breaks_policy$/,
  );
  expect(await sql("select 1 from api_keys where team_id = $1 and revoked_at is null", [team.id])).toHaveLength(2);
  expect(await auditOf(team, "policy.changed")).toMatchObject([
    { details: { from: { max_lifetime_days: null }, to: { max_lifetime_days: 90 } } },
  ]);

  await page.reload();
  await expect(page.getByLabel("Maximum lifetime (days)")).toHaveValue("90");
  await page.getByLabel("Maximum lifetime (days)").fill("");
  await page.getByRole("checkbox", { name: "Allow keys that never expire" }).check();
  await page.getByRole("button", { name: "Save policy" }).click();
  await expect(page.getByText("All active keys comply.")).toBeVisible();
});

test("a policy of a single day can be saved, and keys are offered no more than it", async ({ page, team, join }) => {
  await signIn(page.context(), await join("Admin"));
  await page.goto(path(team));
  const offeredFirst = page.getByLabel("Default expiration", { exact: true });
  await page.getByLabel("Maximum lifetime (days)").fill("10");
  await expect(offeredFirst.getByRole("option", { selected: true })).toHaveText("7 days");
  await page.getByLabel("Maximum lifetime (days)").fill("1");
  await expect(offeredFirst.getByRole("option")).toHaveText(["1 day"]);
  await page.getByRole("button", { name: "Save policy" }).click();
  await expect(toast(page, "Policy saved")).toBeVisible();

  await page.goto(`/${team.slug}/settings/api-keys`);
  await page.getByRole("button", { name: "Create API key" }).click();
  const dialog = page.getByRole("dialog", { name: "Create API key" });
  await expect(dialog.getByLabel("Expires").getByRole("option")).toHaveText(["1 day (default)", "On a date…"]);
  await dialog.getByRole("button", { name: "Read only" }).click();
  await dialog.getByRole("button", { name: "Create API key" }).click();
  await expect(page.getByRole("textbox", { name: "Token" })).toHaveValue(TOKEN);
  const [key] = await sql<{ hours: number }>(
    "select extract(epoch from expires_at - created_at)::int / 3600 as hours from api_keys where team_id = $1",
    [team.id],
  );
  expect(key).toEqual({ hours: 24 });
});

test("a policy with a value that can't be is refused by the field at fault, and what was typed stays", async ({
  page,
  team,
  join,
}) => {
  await signIn(page.context(), await join("Admin"));
  await page.goto(path(team));
  await page.getByLabel("Maximum lifetime (days)").fill("30");
  await page.getByLabel("Active keys per member").fill("0");
  await page.getByRole("button", { name: "Save policy" }).click();
  await expect(page.getByText("Enter a whole number from 1 to 1000.").first()).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel("Active keys per member").fill("5");
  await page.getByRole("button", { name: "Save policy" }).click();
  await expect(toast(page, "Policy saved")).toBeVisible();
  await expect(page.getByLabel("Maximum lifetime (days)")).toHaveValue("30");
});

test("limiting scopes and keys counts who is above; keys that fit aren't listed", async ({ page, team, join }) => {
  await signIn(page.context(), await join("Admin"));
  const { actor, name } = await join("Developer");
  await createTestKeys(actor, [
    { scopes: ["events.write"], name: "Writer" },
    { name: "Reader" },
    { kind: "team", scopes: ["events.write"] },
  ]);
  await page.goto(path(team));
  await page.getByLabel("Active keys per member").fill("1");
  await page.getByRole("checkbox", { name: "Limit the scopes of members' keys" }).check();
  await expect(page.getByText("With no scopes selected, members can't create their own keys.")).toBeVisible();
  await page.getByRole("checkbox", { name: "events.read" }).check();
  await page.getByRole("button", { name: "Save policy" }).click();
  const dialog = page.getByRole("dialog", { name: "1 active key doesn't comply" });
  await expect(dialog.getByText("1 member has more active keys than this policy allows.")).toBeVisible();
  await expect(dialog.getByRole("listitem")).toHaveText(new RegExp(`Writer.*of ${name}.*has events.write`));
  await dialog.getByRole("button", { name: "Save policy" }).click();
  await expect(toast(page, "Policy saved")).toBeVisible();
  await page.reload();
  await expect(page.getByRole("checkbox", { name: "events.read" })).toBeChecked();
  await expect(page.getByRole("checkbox", { name: "events.write" })).not.toBeChecked();
});

test("thousands of keys that break a policy are a readable number", async ({ page, team, join }) => {
  await signIn(page.context(), await join("Admin"));
  const { actor } = await join("Developer");
  await createTestKeys(
    actor,
    Array.from({ length: 1_234 }, () => ({ expiresAt: null })),
  );
  await page.goto(path(team));
  await page.getByRole("checkbox", { name: "Allow keys that never expire" }).uncheck();
  await page.getByRole("button", { name: "Save policy" }).click();
  const dialog = page.getByRole("dialog", { name: "1,234 active keys don't comply" });
  await expect(dialog.getByText("Showing the newest 50 of 1,234.")).toBeVisible();
  await dialog.getByRole("button", { name: "Save policy" }).click();
  await expect(page.getByText("1,234 active keys were created before this policy and keep working")).toBeVisible();
});

test("of two who change the policy at once the second is told, and keeps what they chose", async ({
  page,
  context,
  team,
  join,
}) => {
  await signIn(context, await join("Admin"));
  await page.goto(path(team));
  const other = await context.newPage();
  await other.goto(path(team));
  await other.getByLabel("Active keys per member").fill("7");
  await other.getByRole("button", { name: "Save policy" }).click();
  await expect(toast(other, "Policy saved")).toBeVisible();

  await page.getByLabel("Active keys per member").fill("8");
  await page.getByRole("button", { name: "Save policy" }).click();
  const notice = page.getByRole("alert").filter({ hasText: "Someone else changed the policy" });
  await expect(notice).toBeVisible();
  await expect(page.getByLabel("Active keys per member")).toHaveValue("8");
  await notice.getByRole("button", { name: "Use theirs" }).click();
  await expect(page.getByLabel("Active keys per member")).toHaveValue("7");
  await page.getByLabel("Active keys per member").fill("9");
  await page.getByRole("button", { name: "Save policy" }).click();
  await expect(toast(page, "Policy saved")).toBeVisible();
});

test("the policies are for who may manage them", async ({ page, team, join }) => {
  await signIn(page.context(), await join("Developer"));
  expect((await page.goto(path(team)))?.status()).toBe(403);
  await expect(page.getByRole("link", { name: "Policies" })).toHaveCount(0);
});
