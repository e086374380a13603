import { createTestKey, inDays, recordTestUse } from "@/lib/testing/fixtures";
import { expectAccessible } from "./accessible";
import { expect, rowOf, sql, test } from "./fixtures";

test("a hundred and twenty keys are paged newest first, without a key twice or missing", async ({
  keysPage: page,
  developer,
}) => {
  const { actor } = developer;
  await sql(
    `insert into api_keys (id, team_id, member_id, kind, name, token_hash, token_start, token_last_four, scopes, created_at, revoked_at)
     select gen_random_uuid(), $1, $2, 'personal', 'Key ' || n, sha256(gen_random_uuid()::text::bytea), 'lk_pat_0000', '0000',
       '{events.read}', now() - (n / 10) * interval '1 hour', now()
     from generate_series(1, 120) n`,
    [actor.teamId, actor.memberId],
  );
  await page.reload();
  const pages = page.getByRole("navigation", { name: "Pages" });
  const names = async () =>
    (await page.getByRole("row").allInnerTexts()).map((text) => /Key \d+/.exec(text)?.[0]).filter(Boolean);
  const seen: (string | undefined)[] = [];
  for (const size of [50, 50, 20]) {
    await expect(page.getByRole("row")).toHaveCount(size + 1);
    const shown = await names();
    expect(seen.filter((name) => shown.includes(name))).toEqual([]);
    seen.push(...shown);
    if (size === 50) await pages.getByRole("link", { name: "Older" }).click();
    if (seen.length < 120) await expect(rowOf(page, shown[0] ?? "")).toHaveCount(0);
  }
  expect(new Set(seen).size).toBe(120);
  const ages = seen.map((name) => Math.floor(Number(name?.slice(4)) / 10));
  expect(ages).toEqual(ages.toSorted((a, b) => a - b));

  await expect(pages.getByRole("link", { name: "Older" })).toHaveCount(0);
  await pages.getByRole("link", { name: "Newer" }).click();
  await expect(rowOf(page, seen[50] ?? "")).toBeVisible();
  await pages.getByRole("link", { name: "Newer" }).click();
  await expect(rowOf(page, seen[0] ?? "")).toBeVisible();
  await expect(pages.getByRole("link", { name: "Newer" })).toHaveCount(0);

  await page.getByRole("searchbox").fill("Key 11");
  await expect(page.getByRole("row")).toHaveCount(12);
  await expect(pages).toHaveCount(0);
});

test("more is told on hover and on keyboard focus: the other scopes, the exact times", async ({
  keysPage: page,
  developer,
}) => {
  const scopes = ["events.read", "events.write", "contacts.read", "reports.read"];
  const at = new Date(Date.now() - 3 * 86_400_000);
  const { id } = await createTestKey(developer.actor, { name: "Many scopes", scopes, expiresAt: inDays(90) });
  await createTestKey(developer.actor, { name: "Never used, never ends" });
  await recordTestUse(id, at);
  await page.reload();
  const row = rowOf(page, "Many scopes");
  /** The text that the browser shows next to an element while it is hovered or focused. */
  const shownBeside = (name: string | RegExp) =>
    row.getByRole("button", { name }).evaluate((element) => getComputedStyle(element, "::after").content);

  const rest = row.getByRole("button", { name: "2 more: contacts.read, reports.read" });
  await expect(rest).toHaveText("+2");
  expect(await shownBeside(/2 more/)).toBe("none");
  await rest.hover();
  expect(await shownBeside(/2 more/)).toContain("contacts.read, reports.read");
  await page.mouse.move(0, 0);
  expect(await shownBeside(/2 more/)).toBe("none");
  await page.keyboard.press("Tab");
  await rest.focus();
  expect(await shownBeside(/2 more/)).toContain("contacts.read, reports.read");

  await row.getByRole("button", { name: /^3 days ago/ }).hover();
  const zone = await page.evaluate(() => Intl.DateTimeFormat().resolvedOptions().timeZone);
  const exact = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium", timeZone: zone }).format(
    at,
  );
  expect(await shownBeside(/^3 days ago/)).toContain(exact);
  await expect(rowOf(page, "Never used, never ends").getByText("Never", { exact: true })).toHaveCount(2);
});

test("an active key in its last week is marked, a later one and a revoked one aren't", async ({
  keysPage: page,
  developer,
}) => {
  await createTestKey(developer.actor, { name: "Soon", expiresAt: inDays(3) });
  await createTestKey(developer.actor, { name: "Later", expiresAt: inDays(9) });
  await createTestKey(developer.actor, { name: "Over", expiresAt: inDays(3), revokedAt: new Date() });
  await page.reload();
  await expect(rowOf(page, "Soon").locator(".text-warning")).toContainText("in 3 days");
  for (const name of ["Later", "Over"]) await expect(rowOf(page, name).locator("td .text-warning")).toHaveCount(0);
});

test("columns can be left out, from the first paint of the next visit on", async ({ keysPage: page, developer }) => {
  await createTestKey(developer.actor, { name: "Key" });
  await page.reload();
  await page.getByRole("button", { name: "Columns" }).click();
  await page.getByRole("menuitemcheckbox", { name: "Scopes" }).click();
  await page.getByRole("menuitemcheckbox", { name: "Prefix" }).click();
  await expect(page.getByRole("columnheader", { name: "Scopes", includeHidden: true })).toHaveCount(0);
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  const html = await (await page.request.get(page.url())).text();
  expect(html).toContain("Last used");
  expect(html.match(/<th[^>]*>.{0,80}?Scopes/)).toBeNull();
  await page.reload();
  await expect(page.getByRole("columnheader", { name: "Prefix" })).toHaveCount(0);
  await page.getByRole("button", { name: "Columns" }).click();
  await page.getByRole("menuitemcheckbox", { name: "Prefix" }).click();
  await expect(page.getByRole("columnheader", { name: "Prefix", includeHidden: true })).toHaveCount(1);
});
