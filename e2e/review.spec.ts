import type { Page } from "@playwright/test";
import { createTestKey, inDays, recordTestUse } from "@/lib/testing/fixtures";
import { setTestPolicy } from "@/lib/testing/set-policy";
import { expectAccessible } from "./accessible";
import { at, captureAction, expect, type Person, rowOf, sendAction, signIn, sql, test, toast } from "./fixtures";

const section = (page: Page, name: string) => page.getByRole("region", { name, exact: true });

/** A key that is on none of the lists. */
async function goodKey({ actor }: Person, overrides: Parameters<typeof createTestKey>[1] = {}): Promise<string> {
  const { id } = await createTestKey(actor, { expiresAt: inDays(200), ...overrides });
  await recordTestUse(id, inDays(-1));
  return id;
}

test("the review is reached from the list of keys, and says of each list when nothing is wrong", async ({
  keysPage: page,
  team,
}) => {
  await page.getByRole("link", { name: "Review" }).click();
  await expect(page).toHaveURL(`/${team.slug}/settings/api-keys/review`);
  await expect(page.getByRole("heading", { name: "Review", level: 1 })).toBeVisible();
  for (const list of [
    "Owner disabled or removed",
    "Used from new IP addresses",
    "Expiring within 30 days",
    "Never expiring",
    "Unused for 90 days",
    "Never used",
  ]) {
    await expect(section(page, list)).toBeVisible();
    await expect(section(page, list).getByRole("table")).toHaveCount(0);
  }
});

test("a member sets an expiry and revokes from the review, and what is dealt with leaves its list", async ({
  page,
  team,
  developer,
}) => {
  await goodKey(developer, { name: "Fine" });
  await goodKey(developer, { name: "For ever", expiresAt: null });
  const { id } = await createTestKey(developer.actor, {
    name: "Long silent",
    createdAt: inDays(-121),
    expiresAt: inDays(200),
  });
  await recordTestUse(id, inDays(-120));
  await signIn(page.context(), developer);
  await page.goto(`/${team.slug}/settings/api-keys/review`);
  await expect(page.getByText("Fine")).toHaveCount(0);

  await section(page, "Never expiring").getByRole("button", { name: "Set expiration For ever" }).click();
  await page.getByRole("button", { name: "Save expiration" }).click();
  await expect(toast(page, "Expiration saved")).toBeVisible();
  await expect(section(page, "Never expiring").getByRole("table")).toHaveCount(0);

  await section(page, "Unused for 90 days").getByRole("button", { name: "Revoke Long silent" }).click();
  await page.getByRole("button", { name: "Revoke key" }).click();
  await expect(toast(page, "Revoked Long silent")).toBeVisible();
  await expect(section(page, "Unused for 90 days").getByRole("table")).toHaveCount(0);
});

test("an Admin reviews the whole team: owners by name, disabled ones first, new addresses with what can be done", async ({
  page,
  team,
  developer,
  join,
}) => {
  const admin = await join("Admin");
  await goodKey(developer, { name: "Left behind" });
  await sql("update members set disabled_at = now() where id = $1", [developer.actor.memberId]);
  const wandering = await goodKey(admin, { kind: "team", name: "Wandering" });
  await sql(
    `insert into api_key_addresses (key_id, ip, user_agent, first_at, last_at, hour, calls) values
      ($1, '192.0.2.7', null, now() - interval '40 days', now(), date_trunc('hour', now(), 'UTC'), 1),
      ($1, '203.0.113.9', 'curl/8.9', now() - interval '2 days', now(), date_trunc('hour', now(), 'UTC'), 1)`,
    [wandering],
  );
  await signIn(page.context(), admin);
  await page.goto(`/${team.slug}/settings/api-keys/review`);
  const orphaned = section(page, "Owner disabled or removed");
  await expect(orphaned.getByRole("row").nth(1)).toContainText(developer.name);
  await expect(orphaned.getByRole("row").nth(1)).toContainText("Disabled");
  await expect(orphaned.getByRole("link", { name: "Members" })).toHaveAttribute("href", /settings\/members$/);
  const travelled = section(page, "Used from new IP addresses").getByRole("row").nth(1);
  await expect(travelled).toContainText("203.0.113.9");
  await expect(travelled.getByRole("button", { name: "Wandering" })).toHaveText([
    /Restrict access/,
    /Rotate/,
    /Revoke/,
  ]);
  await expect(page.getByRole("navigation", { name: "Lists" })).toContainText("Used from new IP addresses1");

  await orphaned.getByRole("button", { name: "Revoke Left behind" }).click();
  await page.getByRole("button", { name: "Revoke key" }).click();
  await expect(orphaned.getByRole("table")).toHaveCount(0);
  await page.getByRole("link", { name: "Wandering" }).first().click();
  await expect(page.getByRole("heading", { name: "Wandering", level: 1 })).toBeVisible();
});

test("a team key rotated from the review stays a team key with its scopes, whatever members' keys may have", async ({
  page,
  team,
  join,
}) => {
  const admin = await join("Admin");
  const scopes = ["events.read", "events.write"];
  await setTestPolicy(team.id, { limitsScopes: true, memberScopes: ["events.read"] });
  await goodKey(admin, { kind: "team", name: "Nightly", scopes, expiresAt: inDays(3) });
  await signIn(page.context(), admin);
  await page.goto(`/${team.slug}/settings/api-keys/review`);
  await section(page, "Expiring within 30 days").getByRole("button", { name: "Rotate Nightly" }).click();
  await page.getByRole("button", { name: "Rotate key" }).click();
  await expect(page.getByRole("textbox", { name: "Token" })).toHaveValue(/^lk_key_/);
  const successors = "select kind, scopes from api_keys where team_id = $1 and rotated_from_id is not null";
  expect(await sql(successors, [team.id])).toEqual([{ kind: "team", scopes }]);
});

test("a member sees nothing of others' keys in the review, and a Viewer no review at all", async ({
  page,
  team,
  developer,
  join,
  browser,
}) => {
  const colleague = await join("Developer");
  await createTestKey(colleague.actor, { name: "Colleague's", expiresAt: null });
  await signIn(page.context(), developer);
  await page.goto(`/${team.slug}/settings/api-keys/review`);
  await expect(page.getByRole("heading", { name: "Review", level: 1 })).toBeVisible();
  await expect(rowOf(page, "Colleague's")).toHaveCount(0);
  const context = await browser.newContext();
  await signIn(context, await join("Viewer"));
  const answer = await context.request.get(at(`/${team.slug}/settings/api-keys/review`));
  expect(answer.status()).toBe(403);
  await context.close();
});

test("an action of the review, sent by a colleague, revokes nothing", async ({
  page,
  team,
  developer,
  join,
  browser,
}) => {
  await goodKey(developer, { name: "For ever", expiresAt: null });
  await signIn(page.context(), developer);
  await page.goto(`/${team.slug}/settings/api-keys/review`);
  await section(page, "Never expiring").getByRole("button", { name: "Revoke For ever" }).click();
  // Blocked, so that the colleague's change comes first.
  await page.route("**/review", (route) => (route.request().method() === "POST" ? route.abort() : route.continue()));
  const revoke = await captureAction(page, () => page.getByRole("button", { name: "Revoke key" }).click());
  const context = await browser.newContext();
  await signIn(context, await join("Developer"));
  expect((await sendAction(context, revoke)).result).toMatchObject({ ok: false, error: { code: "not_found" } });
  expect(await sql("select 1 from api_keys where team_id = $1 and revoked_at is not null", [team.id])).toEqual([]);
  await context.close();
});

test("the review is accessible", async ({ page, team, developer, join }) => {
  const admin = await join("Admin");
  await goodKey(developer, { name: "x".repeat(80), expiresAt: null });
  await goodKey(admin, { kind: "team", name: "Soon over", expiresAt: inDays(3) });
  await createTestKey(admin.actor, { name: null });
  await signIn(page.context(), admin);
  await page.goto(`/${team.slug}/settings/api-keys/review`);
  await expect(section(page, "Never expiring").getByRole("row")).toHaveCount(3);
  await expectAccessible(page);
});
