import { createHash } from "node:crypto";
import type { Locator, Page, Request } from "@playwright/test";
import { createTestKey, createTestKeys, inDays, recordTestUse } from "@/lib/testing/fixtures";
import { expectAccessible } from "./accessible";
import { expect, rowOf, signIn, sql, test } from "./fixtures";

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

test("a whole token pasted into the search finds its key, and only its hash leaves the browser", async ({
  keysPage: page,
  developer,
}) => {
  const { token } = await createTestKey(developer.actor, { name: "Leaked somewhere" });
  await createTestKey(developer.actor, { name: "Another" });
  await page.reload();
  const sent = requestsOf(page);
  const search = page.getByRole("searchbox", { name: "Find by name or prefix" });
  await search.fill(`Bearer ${token}`);
  await expect(page.getByText("Searching for a pasted token")).toBeVisible();
  await expect(search).toHaveValue("");
  await expect(rowOf(page, "Another")).toHaveCount(0);
  await expect(rowOf(page, "Leaked somewhere")).toBeVisible();
  const hash = createHash("sha256").update(token).digest("hex");
  await expect(page).toHaveURL((url) => url.search === `?hash=${hash}`);
  await page.reload();
  await expect(rowOf(page, "Leaked somewhere")).toBeVisible();
  await page.getByRole("button", { name: "Stop searching for the pasted token" }).click();
  await expect(rowOf(page, "Another")).toBeVisible();

  await pasteInto(search, `{"Authorization": "Bearer ${token}", "X-Something": "${"y".repeat(60)}"}`);
  await expect(rowOf(page, "Another")).toHaveCount(0);
  await expect(page).toHaveURL((url) => url.searchParams.get("hash") === hash);
  await search.fill("Another");
  await expect(rowOf(page, "Another")).toBeVisible();
  await expect(page.getByText("Searching for a pasted token")).toHaveCount(0);
  expect([page.url(), ...(await sent())].filter((text) => text.includes(token.slice(12, 40)))).toEqual([]);
});

test("a pasted token that is nobody's, or somebody else's, is not found among one's own", async ({
  keysPage: page,
  developer,
  join,
}) => {
  await createTestKey(developer.actor, { name: "Mine" });
  const { token } = await createTestKey((await join("Developer")).actor, { name: "Somebody else's" });
  await page.reload();
  await page.getByRole("searchbox").fill(token);
  await expect(page.getByRole("status").filter({ hasText: "None of these keys has the pasted token." })).toBeVisible();
  await expect(page.getByRole("row")).toHaveCount(0);
});

test("where the browser can't hash, a pasted token is cut to its start", async ({ keysPage: page, developer }) => {
  await page.addInitScript(() => Object.defineProperty(globalThis.crypto, "subtle", { value: undefined }));
  const { token } = await createTestKey(developer.actor, { name: "Leaked somewhere" });
  await createTestKey(developer.actor, { name: "Another", tokenStart: "lk_pat_zzzz" });
  await page.reload();
  const sent = requestsOf(page);
  const search = page.getByRole("searchbox", { name: "Find by name or prefix" });
  await search.fill(`Bearer ${token}`);
  await search.fill(token);
  await expect(search).toHaveValue(token.slice(0, 11));
  await expect(rowOf(page, "Another")).toHaveCount(0);
  await expect(rowOf(page, "Leaked somewhere")).toBeVisible();
  expect([page.url(), ...(await sent())].filter((text) => text.includes(token.slice(12, 40)))).toEqual([]);
});

/** Everything the page sends from here on: addresses, headers and bodies. */
function requestsOf(page: Page): () => Promise<string[]> {
  const requests: Request[] = [];
  page.on("request", (request) => requests.push(request));
  return () =>
    Promise.all(
      requests.map(async (request) =>
        [request.url(), request.postData(), JSON.stringify(await request.allHeaders())].join(" "),
      ),
    );
}

async function pasteInto(field: Locator, text: string): Promise<void> {
  await field.evaluate((element, pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text", pasted);
    element.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, text);
}

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
  await expect(
    page.getByRole("status").filter({ hasText: "No key matches. Change the search or the filters." }),
  ).toBeVisible();
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

/** The names of the rows, from top to bottom. */
const namesOf = (page: Page) => page.getByRole("row").getByRole("link", { name: /^Key / }).allInnerTexts();

test("a click on a column's head puts the list in its order, and the order survives a reload and Back", async ({
  keysPage: page,
  developer,
}) => {
  const ids = await createTestKeys(developer.actor, [
    { name: "Key B", createdAt: inDays(-3), expiresAt: inDays(30) },
    { name: "Key C", createdAt: inDays(-2), expiresAt: null },
    { name: "Key A", createdAt: inDays(-1), expiresAt: inDays(10) },
  ]);
  await recordTestUse(ids[0] ?? "", inDays(-1));
  await recordTestUse(ids[1] ?? "", new Date());
  await page.reload();
  const head = (name: string) => page.getByRole("columnheader", { name });
  await expect(head("Created")).toHaveAttribute("aria-sort", "descending");
  for (const [column, clicks, order] of [
    ["Name", 1, ["Key A", "Key B", "Key C"]],
    ["Name", 1, ["Key C", "Key B", "Key A"]],
    ["Expires", 1, ["Key A", "Key B", "Key C"]],
    ["Last used", 1, ["Key C", "Key B", "Key A"]],
    ["Last used", 1, ["Key B", "Key C", "Key A"]],
    ["Created", 2, ["Key B", "Key C", "Key A"]],
  ] as const) {
    for (let click = 0; click < clicks; click++) {
      const before = page.url();
      await head(column).getByRole("link").click();
      await expect(page).not.toHaveURL(before);
    }
    await expect.poll(() => namesOf(page)).toEqual(order);
  }
  await expect(head("Created")).toHaveAttribute("aria-sort", "ascending");
  await page.reload();
  await expect.poll(() => namesOf(page)).toEqual(["Key B", "Key C", "Key A"]);
  await page.goBack();
  await page.goBack();
  await expect(page).toHaveURL(/sort=used-asc/);
  await page.goForward();
  await expect(head("Created")).toHaveAttribute("aria-sort", "descending");
});

test("scope, expiry and disuse narrow the list, together and in the address", async ({ keysPage: page, developer }) => {
  await createTestKeys(developer.actor, [
    { name: "Key soon", expiresAt: inDays(5), createdAt: inDays(-1) },
    { name: "Key later", expiresAt: inDays(60), createdAt: inDays(-1) },
    { name: "Key idle", createdAt: inDays(-200) },
    { name: "Key writing", scopes: ["events.write"], createdAt: inDays(-200) },
  ]);
  await page.reload();
  const filters = page.getByRole("button", { name: /^Filters/ });
  await filters.click();
  const choose = (name: string, label: string) =>
    page.getByRole("combobox", { name, exact: true }).selectOption({ label });
  await choose("Expires within", "7 days");
  await expect.poll(() => namesOf(page)).toEqual(["Key soon"]);
  await choose("Expires within", "90 days");
  await expect.poll(() => namesOf(page)).toHaveLength(2);
  await choose("Expires within", "Expires any time");
  await choose("Unused for", "90 days");
  await expect.poll(async () => (await namesOf(page)).sort()).toEqual(["Key idle", "Key writing"]);
  await choose("Scope", "events.write");
  await expect.poll(() => namesOf(page)).toEqual(["Key writing"]);
  await expect(filters).toHaveAccessibleName("Filters (2)");
  await expect(page).toHaveURL((url) => url.search === "?scope=events.write&unused=90");
  await page.reload();
  await expect(page.getByRole("combobox", { name: "Scope", exact: true })).toHaveValue("events.write");
  await expect.poll(() => namesOf(page)).toEqual(["Key writing"]);
  await expectAccessible(page);
  await page.getByRole("button", { name: "Clear filters" }).click();
  await expect.poll(async () => (await namesOf(page)).length).toBe(4);
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

test("all keys of the team are listed with their owners to who manages keys and members, and to nobody else", async ({
  page,
  team,
  developer,
  join,
}) => {
  const admin = await join("Admin");
  await createTestKey(developer.actor, { name: "Theirs" });
  await createTestKey(admin.actor, { name: "Mine" });
  await createTestKey(admin.actor, { name: "The team's", kind: "team" });
  await signIn(page.context(), admin);
  await page.goto(`/${team.slug}/settings/api-keys`);
  await page.getByRole("link", { name: "All keys", exact: true }).click();
  await expect(page).toHaveURL(/kind=all/);
  await expect(rowOf(page, "Theirs")).toContainText(developer.name);
  await expect(rowOf(page, "The team's").getByText("Team", { exact: true })).toBeVisible();
  await expect(page.getByRole("row")).toHaveCount(4);
  await page.getByRole("button", { name: "Filters" }).click();
  await page.getByRole("combobox", { name: "Owner", exact: true }).selectOption({ label: developer.name });
  await expect(page.getByRole("row")).toHaveCount(2);
  await expect(rowOf(page, "Theirs")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Actions for Theirs" }).click();
  await expect(page.getByRole("menuitem", { name: "Revoke" })).toBeVisible();
  await expect(page.getByRole("menuitem", { name: "Edit name" })).toHaveCount(0);

  await page.context().clearCookies();
  await signIn(page.context(), developer);
  const refused = await page.goto(`/${team.slug}/settings/api-keys?kind=all`);
  expect(refused?.status()).toBe(403);
  await page.goto(`/${team.slug}/settings/api-keys`);
  await expect(page.getByRole("link", { name: "All keys", exact: true })).toHaveCount(0);
});
