import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { createTestKey } from "@/lib/testing/fixtures";
import { auditOf, expect, signIn, test } from "./fixtures";

/** Chooses from the Export menu and reads the downloaded file. */
async function exportAs(page: Page, format: string): Promise<{ name: string; text: string }> {
  await page.getByRole("button", { name: "Export" }).click();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("menuitem", { name: format }).click(),
  ]);
  return { name: download.suggestedFilename(), text: await readFile(await download.path(), "utf8") };
}

test("the list that is shown is saved as CSV and as JSON Lines, without a secret, and the log knows", async ({
  keysPage: page,
  developer,
  team,
}) => {
  const { token } = await createTestKey(developer.actor, { name: '=HYPERLINK("http://evil.example","Zapier")' });
  await createTestKey(developer.actor, { name: "Zapier old", revokedAt: new Date() });
  await createTestKey(developer.actor, { name: "Grafana" });
  await page.goto(`${page.url()}?q=zapier&status=active`);
  const csv = await exportAs(page, "CSV");
  expect(csv.name).toMatch(/^api-keys-.+-\d{4}-\d\d-\d\d\.csv$/);
  expect(csv.text.trim().split("\n")).toHaveLength(2);
  expect(csv.text).toContain(`"'=HYPERLINK`);
  const lines = await exportAs(page, "JSON Lines");
  expect(lines.name).toMatch(/\.jsonl$/);
  expect(JSON.parse(lines.text)).toMatchObject({ prefix: token.slice(0, 11), last_four: token.slice(-4) });
  for (const { text } of [csv, lines]) expect(text).not.toContain(token.slice(12, 40));
  const entries = await auditOf(team, "api_keys.exported");
  expect(entries.map(({ details }) => details)).toMatchObject([
    { format: "jsonl", search: "zapier", status: "active" },
    { format: "csv", search: "zapier", status: "active" },
  ]);
});

test("an export is no page's to ask for but the console's own, and nobody's who may not see the list", async ({
  keysPage: page,
  developer,
  team,
  join,
}) => {
  await createTestKey((await join("Developer")).actor, { name: "Theirs" });
  await createTestKey(developer.actor, { name: "Own" });
  const path = `/${team.slug}/settings/api-keys/export`;
  const own = await page.request.get(`${path}?format=jsonl`);
  expect([own.status(), own.headers()["cache-control"]]).toEqual([200, "private, no-store"]);
  expect((await own.text()).match(/"name":"\w+"/g)).toEqual(['"name":"Own"']);
  for (const kind of ["team", "all"]) expect((await page.request.get(`${path}?kind=${kind}`)).status()).toBe(403);
  const strange = await page.request.get(path, { headers: { "sec-fetch-site": "cross-site" }, maxRedirects: 0 });
  expect(strange.status()).toBe(307);

  await page.context().clearCookies();
  const anonymous = await page.request.get(path, { maxRedirects: 0 });
  expect(anonymous.headers().location).toContain("/sign-in");
  await signIn(page.context(), await join("Viewer"));
  expect((await page.request.get(path)).status()).toBe(403);
  expect(await auditOf(team, "api_keys.exported")).toHaveLength(1);
});
