import { createTestKey, inDays, recordTestUse } from "@/lib/testing/fixtures";
import { expect, rowOf, sql, test } from "./fixtures";

test("a key is found by a part of its name, its prefix, its last four characters or both as listed", async ({
  keysPage: page,
  developer,
}) => {
  const { token } = await createTestKey(developer.actor, { name: "Zapier production" });
  await createTestKey(developer.actor, { name: "100% _wild\\card" });
  await page.reload();
  const search = page.getByRole("searchbox", { name: "Find by name or prefix" });
  const start = token.slice(0, 11);
  for (const text of ["zapier", "PRODUCTION", start, token.slice(-4), `${start}…${token.slice(-4)}`]) {
    await search.fill(text);
    await expect(page).toHaveURL((url) => url.searchParams.get("q") === text);
    await expect(rowOf(page, "Zapier production")).toBeVisible();
    await expect(rowOf(page, "100% _wild\\card")).toHaveCount(0);
  }
  await search.fill("% _w");
  await expect(rowOf(page, "100% _wild\\card")).toBeVisible();
  await expect(rowOf(page, "Zapier production")).toHaveCount(0);
});

test("a whole token pasted into the search finds its key and never reaches the address", async ({
  keysPage: page,
  developer,
}) => {
  const { token } = await createTestKey(developer.actor, { name: "Leaked somewhere" });
  await createTestKey(developer.actor, { name: "Another" });
  await page.reload();
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  const search = page.getByRole("searchbox", { name: "Find by name or prefix" });
  await search.fill(`Bearer ${token}`);
  await search.fill(token);
  await expect(search).toHaveValue(token.slice(0, 11));
  await expect(rowOf(page, "Another")).toHaveCount(0);
  await expect(rowOf(page, "Leaked somewhere")).toBeVisible();
  expect([page.url(), ...asked].filter((url) => url.includes(token.slice(11, 40)))).toEqual([]);
});

test("search and status live in the address and survive a reload and Back", async ({ keysPage: page, developer }) => {
  await createTestKey(developer.actor, { name: "Sync active" });
  await createTestKey(developer.actor, { name: "Sync revoked", revokedAt: new Date() });
  await createTestKey(developer.actor, { name: "Sync expired", expiresAt: inDays(-1) });
  await page.reload();
  const status = page.getByRole("combobox", { name: "Status" });
  for (const [label, shown] of [
    ["Revoked", "Sync revoked"],
    ["Expired", "Sync expired"],
    ["Active", "Sync active"],
  ] as const) {
    await status.selectOption({ label });
    await expect(page).toHaveURL(new RegExp(`status=${label.toLowerCase()}`));
    await expect(rowOf(page, shown)).toBeVisible();
    await expect(page.getByRole("row")).toHaveCount(2);
  }
  const search = page.getByRole("searchbox", { name: "Find by name or prefix" });
  await search.fill("sync");
  await expect(page).toHaveURL(/q=sync.*status=active|status=active.*q=sync/);
  await page.reload();
  await expect(status).toHaveValue("active");
  await expect(search).toHaveValue("sync");
  await expect(page.getByRole("row")).toHaveCount(2);

  await search.fill("nothing is called this");
  await expect(page.getByText("No key matches. Change the search or the status filter.")).toBeVisible();
  await search.fill("");
  await status.selectOption({ label: "Any status" });
  await expect(page.getByRole("row")).toHaveCount(4);
});

test("what is typed while a list is still on its way is neither lost nor undoes another filter", async ({
  keysPage: page,
  developer,
}) => {
  await createTestKey(developer.actor, { name: "Zapier production" });
  await page.goto(`${page.url()}?status=active`);
  await page.route(/_rsc=/, async (route) => {
    const response = await route.fetch();
    await new Promise((resolve) => setTimeout(resolve, 700));
    await route.fulfill({ response });
  });
  const search = page.getByRole("searchbox", { name: "Find by name or prefix" });
  await search.pressSequentially("zap", { delay: 20 });
  await page.waitForRequest(/q=zap(&|$)/);
  await search.pressSequentially("ier prod", { delay: 100 });
  await expect(search).toHaveValue("zapier prod");
  await page.getByRole("combobox", { name: "Status" }).selectOption({ label: "Any status" });
  await expect(page).toHaveURL((url) => url.search === "?q=zapier+prod");
  await expect(search).toHaveValue("zapier prod");
  await expect(page.getByRole("combobox", { name: "Status" })).toHaveValue("");
  await expect(rowOf(page, "Zapier production")).toBeVisible();
});

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
  /** What the browser draws beside an element while it is pointed at or focused. */
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
