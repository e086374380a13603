import type { Page } from "@playwright/test";
import { raiseNotices } from "@/lib/notices/raise-notices";
import { createTestKey, createTestKeys, inDays } from "@/lib/testing/fixtures";
import { expectAccessible } from "./accessible";
import { expect, type Person, signIn, sql, test, toast } from "./fixtures";

const bell = (page: Page, name: string) => page.getByRole("link", { name: `Notices, ${name}`, exact: true });
const notice = (page: Page, title: string | RegExp) => page.getByRole("listitem").filter({ hasText: title });

/** A key that expires soon, with its notice. */
async function createExpiringKey({ actor }: Person, name: string): Promise<void> {
  await createTestKey(actor, { name, createdAt: inDays(-60), expiresAt: inDays(6) });
  await raiseNotices("key_expiring");
}

/** Notices that keys were revoked, an hour apart; the first is the newest. */
async function createNotices({ actor }: Person, count: number): Promise<void> {
  const ids = await createTestKeys(
    actor,
    Array.from({ length: count }, (_, n) => ({ name: `Key ${n}`, revokedAt: new Date() })),
  );
  await sql(
    `insert into notices (member_id, kind, subject, key_id, data, at)
     select $1, 'key_revoked', id, id::uuid, '{"by":"Ada"}', now() - make_interval(hours => n::int)
     from unnest($2::text[]) with ordinality as k (id, n)`,
    [actor.memberId, ids],
  );
}

test("the bell says that a key expires soon, leads to what settles it, and then has nothing to say", async ({
  keysPage: page,
  team,
  developer,
}) => {
  await expect(bell(page, "no unread notices")).toBeVisible();
  await bell(page, "no unread notices").click();
  await expect(page.getByText("No notices.")).toBeVisible();
  await expectAccessible(page);
  await createExpiringKey(developer, "Zapier production");
  await page.reload();
  await expectAccessible(page);
  await notice(page, "“Zapier production” expires in 6 days").getByRole("link", { name: "Rotate or extend" }).click();
  await expect(page.getByRole("heading", { name: "Zapier production", level: 1 })).toBeVisible();
  await expect(bell(page, "no unread notices")).toBeVisible();
  await page.goto(`/${team.slug}/notices`);
  await expect(notice(page, "Zapier production")).toBeVisible();
  await sql("update api_keys set expires_at = now() + interval '80 days' where team_id = $1", [team.id]);
  await page.reload();
  await expect(page.getByText("No notices.")).toBeVisible();
});

test("notices have pages, and are marked as read one by one or all at once", async ({
  keysPage: page,
  team,
  developer,
}) => {
  await createNotices(developer, 30);
  await page.goto(`/${team.slug}/notices`);
  await expect(bell(page, "30 unread")).toBeVisible();
  await expect(page.getByText("30 unread notices")).toBeAttached();
  await notice(page, "Ada revoked “Key 0”").getByRole("button", { name: "Mark as read" }).click();
  await expect(bell(page, "29 unread")).toBeVisible();
  await page.getByRole("link", { name: "Older" }).click();
  await expect(notice(page, "Ada revoked “Key 29”")).toBeVisible();
  await expect(notice(page, "Ada revoked")).toHaveCount(5);
  await page.getByRole("button", { name: "Mark all as read" }).click();
  await expect(bell(page, "no unread notices")).toBeVisible();
  await expect(page.getByRole("button", { name: "Mark all as read" })).toHaveCount(0);
});

test("the bell learns of a notice when another screen is opened", async ({ page, team, developer }) => {
  await page.clock.install();
  await signIn(page.context(), developer);
  await page.goto(`/${team.slug}/settings/api-keys`);
  await expect(bell(page, "no unread notices")).toBeVisible();
  await createNotices(developer, 1);
  await page.clock.fastForward(60_000);
  await page.getByRole("link", { name: "Quick start" }).click();
  await expect(bell(page, "1 unread")).toBeVisible();
});

test("a member whose key an admin revokes gets a notice that names the admin", async ({
  page,
  team,
  admin,
  developer,
  browser,
}) => {
  const { id } = await createTestKey(developer.actor, { name: "Zapier production" });
  await signIn(page.context(), admin);
  await page.goto(`/${team.slug}/settings/api-keys/${id}`);
  await page.getByRole("button", { name: "Actions" }).click();
  await page.getByRole("menuitem", { name: "Revoke" }).click();
  await page.getByRole("button", { name: "Revoke key" }).click();
  await expect(toast(page, "revoked")).toBeVisible();
  const context = await browser.newContext();
  await signIn(context, developer);
  const theirs = await context.newPage();
  await theirs.goto(`/${team.slug}/notices`);
  await expect(notice(theirs, `${admin.name} revoked “Zapier production”`)).toBeVisible();
  await context.close();
});

test("a member without any screen has a bell, too", async ({ page, team, join }) => {
  await signIn(page.context(), await join("Viewer"));
  await page.goto(`/${team.slug}`);
  await bell(page, "no unread notices").click();
  await expect(page.getByText("No notices.")).toBeVisible();
  await expect(page.getByRole("heading", { name: "Calendar" })).toHaveCount(0);
});

test("a calendar link is shown once, opens the calendar of expiries, and can be replaced and revoked", async ({
  keysPage: page,
  team,
  developer,
  request,
}) => {
  await createTestKey(developer.actor, { name: "Zapier production", expiresAt: inDays(20) });
  await page.goto(`/${team.slug}/notices`);
  await page.getByRole("button", { name: "Create link" }).click();
  const field = page.getByRole("textbox", { name: "Link" });
  const url = await field.inputValue();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Done" }).click();
  await expect(page.getByText(/Link created/)).toBeVisible();
  const calendar = await request.get(url);
  expect(calendar.headers()).toMatchObject({
    "content-type": "text/calendar; charset=utf-8",
    "cache-control": "private, no-store",
  });
  expect(await calendar.text()).toContain("Zapier production");
  await page.reload();
  expect(await page.content()).not.toContain(new URL(url).searchParams.get("secret"));
  await page.getByRole("button", { name: "Replace link" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Replace link" }).click();
  const next = await field.inputValue();
  await page.getByRole("button", { name: "Done" }).click();
  expect([(await request.get(url)).status(), (await request.get(next)).status()]).toEqual([404, 200]);
  await page.getByRole("button", { name: "Revoke link" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke link" }).click();
  await expect(toast(page, "Calendar link revoked")).toBeVisible();
  expect((await request.get(next)).status()).toBe(404);
});

test("a member who chooses a team key's contact reads that reminders appear in the console, because email isn't set up", async ({
  page,
  team,
  admin,
}) => {
  await signIn(page.context(), admin);
  await page.goto(`/${team.slug}/settings/api-keys?kind=team`);
  await page.getByRole("button", { name: "Create team key" }).click();
  await expect(page.getByText("Reminders appear in the console; email isn't set up.")).toBeVisible();
});
