import { createHash } from "node:crypto";
import type { Locator, Page, Request } from "@playwright/test";
import { createTestKey, inDays } from "@/lib/testing/fixtures";
import { expect, rowOf, signIn, test } from "./fixtures";

test("a key is found by a part of its name, its prefix, its last four characters or both as listed", async ({
  keysPage: page,
  developer,
}) => {
  const { token } = await createTestKey(developer.actor, { name: "Zapier production" });
  await createTestKey(developer.actor, { name: "100% _wild\\card" });
  await page.reload();
  const search = page.getByRole("searchbox", { name: "Search by name or prefix" });
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
  const search = page.getByRole("searchbox", { name: "Search by name or prefix" });
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
  await expect(page.getByRole("status").filter({ hasText: "No key in this list has the pasted token." })).toBeVisible();
  await expect(page.getByRole("row")).toHaveCount(0);
});

test("a pasted token that is in another list of one's own is found there", async ({ page, team, admin, developer }) => {
  const ofTeam = await createTestKey(admin.actor, { name: "Gateway", kind: "team" });
  const theirs = await createTestKey(developer.actor, { name: "Somebody else's" });
  const mine = await createTestKey(admin.actor, { name: "Mine" });
  await signIn(page.context(), admin);
  const answer = page.getByRole("status").filter({ hasText: "View key" });
  for (const [{ token }, sentence] of [
    [ofTeam, "This token belongs to a team key. View key"],
    [theirs, "This token belongs to another member's key. View key"],
  ] as const) {
    await page.goto(`/${team.slug}/settings/api-keys`);
    await page.getByRole("searchbox").fill(token);
    await expect(answer).toHaveText(sentence);
  }
  await answer.getByRole("link").click();
  await expect(page.getByRole("heading", { level: 1, name: "Somebody else's" })).toBeVisible();

  await page.goto(`/${team.slug}/settings/api-keys?status=revoked`);
  await page.getByRole("searchbox").fill(mine.token);
  await expect(answer).toHaveText("This token's key is hidden by your filters. View key");
});

test("where the browser can't hash, a pasted token is cut to its start", async ({ keysPage: page, developer }) => {
  await page.addInitScript(() => Object.defineProperty(globalThis.crypto, "subtle", { value: undefined }));
  const { token } = await createTestKey(developer.actor, { name: "Leaked somewhere" });
  await createTestKey(developer.actor, { name: "Another", tokenStart: "lk_pat_zzzz" });
  await page.reload();
  const sent = requestsOf(page);
  const search = page.getByRole("searchbox", { name: "Search by name or prefix" });
  await search.fill(`Bearer ${token}`);
  await search.fill(token);
  await expect(search).toHaveValue(token.slice(0, 11));
  await expect(rowOf(page, "Another")).toHaveCount(0);
  await expect(rowOf(page, "Leaked somewhere")).toBeVisible();
  expect([page.url(), ...(await sent())].filter((text) => text.includes(token.slice(12, 40)))).toEqual([]);
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
  const search = page.getByRole("searchbox", { name: "Search by name or prefix" });
  await search.fill("sync");
  await expect(page).toHaveURL(/q=sync.*status=active|status=active.*q=sync/);
  await page.reload();
  await expect(status).toHaveValue("active");
  await expect(search).toHaveValue("sync");
  await expect(page.getByRole("row")).toHaveCount(2);

  await search.fill("nothing is called this");
  await expect(
    page.getByRole("status").filter({ hasText: "No keys match. Try another search or clear the filters." }),
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
  const search = page.getByRole("searchbox", { name: "Search by name or prefix" });
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

/** Records everything the page sends from here on: URLs, headers and bodies. */
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
