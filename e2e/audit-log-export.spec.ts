import { readFile } from "node:fs/promises";
import { createTestTeam } from "@/lib/testing/fixtures";
import { test } from "./audit-log-page";
import { at, auditOf, expect, type Person, signIn, toast } from "./fixtures";

test("what is shown can be taken away as a link, as CSV and as JSON Lines, and that is in the log", async ({
  logPage: page,
  context,
  team,
  admin,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto(`${page.url()}?action=team.created`);
  await expect(page.getByRole("row")).toHaveCount(2);
  await page.getByRole("button", { name: "Copy link" }).click();
  await expect(toast(page, "Link copied.")).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(page.url());

  const files = [];
  for (const name of ["Export as CSV", "Export as JSON Lines"]) {
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name, exact: true }).click(),
    ]);
    files.push({ name: download.suggestedFilename(), text: await readFile(await download.path(), "utf8") });
  }
  expect(files.map(({ name }) => name)).toEqual([
    expect.stringMatching(new RegExp(`^audit-log-${team.slug}-\\d{4}-\\d\\d-\\d\\d\\.csv$`)),
    expect.stringMatching(/\.jsonl$/),
  ]);
  expect(files[0]?.text.trim().split("\n")).toHaveLength(2);
  expect(JSON.parse(files[1]?.text ?? "")).toMatchObject({ seq: 1, action: "team.created" });
  expect(await auditOf(team, "audit.exported")).toMatchObject([
    { actor_id: admin.actor.userId, details: { format: "jsonl", action: "team.created" } },
    { details: { format: "csv" } },
  ]);
});

test("the export is refused without the permission, for strangers, from other sites, and in other formats", async ({
  logPage: page,
  join,
  browser,
  team,
}) => {
  const path = at(`/${team.slug}/settings/audit-log/export?format=csv`);
  const ask = async (person: Person | null, headers: Record<string, string> = {}, url = path) => {
    const context = await browser.newContext();
    if (person) await signIn(context, person);
    const answer = await context.request.get(url, { maxRedirects: 0, headers });
    await context.close();
    return answer.status();
  };
  expect(await ask(null)).toBe(307);
  expect(await ask(await join("Developer"))).toBe(403);
  expect(await ask(await join("Admin", { team: await createTestTeam() }))).toBe(404);
  const admin = await join("Admin");
  expect(await ask(admin, { "sec-fetch-site": "cross-site" })).toBe(307);
  expect(await ask(admin, {}, path.replace("csv", "xml"))).toBe(422);
  expect(await auditOf(team, "audit.exported")).toEqual([]);
  const answer = await page.request.get(path);
  expect(answer.headers()).toMatchObject({ "cache-control": "private, no-store" });
  expect(answer.headers()["content-disposition"]).toMatch(/^attachment; /);
});
