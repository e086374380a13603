import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { createTestKey, createTestTeam } from "@/lib/testing/fixtures";
import { expectAccessible } from "./accessible";
import {
  at,
  auditOf,
  test as base,
  chooseAction,
  closeToken,
  createKey,
  expect,
  type Person,
  signIn,
  signInByForm,
  sql,
  toast,
} from "./fixtures";

/** A page on which an Admin looks at the audit log. */
const test = base.extend<{ admin: Person; logPage: Page }>({
  admin: async ({ join }, use) => use(await join("Admin")),
  logPage: async ({ page, team, admin }, use) => {
    await signIn(page.context(), admin);
    await page.goto(`/${team.slug}/settings/audit-log`);
    await use(page);
  },
});

/** The entries shown, as their cells' texts: when, who, what, which, from. */
const entries = (page: Page) =>
  page
    .getByRole("row")
    .evaluateAll((rows) => rows.slice(1).map((row) => [...row.children].map((cell) => cell.textContent?.trim() ?? "")));

/** Entries of one kind, in the order and with the columns of {@link entries}. */
async function entriesAbout(page: Page, what: string): Promise<string[][]> {
  return (await entries(page)).filter((cells) => cells[2]?.startsWith(what));
}

test("what a member does with keys and sessions is in the log, newest first: who, what, which and from where", async ({
  page,
  team,
  admin,
}) => {
  await page.goto(`/${team.slug}/settings/api-keys`);
  await signInByForm(page, { ...admin, password: "wrong the first time" });
  await expect(page.getByRole("alert").first()).toBeVisible();
  await signInByForm(page, admin);
  const token = await createKey(page, { name: "Zapier production" });
  await closeToken(page);
  await chooseAction(page, "Zapier production", "Edit name");
  await page.getByRole("dialog").getByLabel("Name").fill("Zapier staging");
  await page.getByRole("button", { name: "Save name" }).click();
  await chooseAction(page, "Zapier staging", "Change expiry");
  await page.getByRole("dialog").getByLabel("Expires").selectOption("Never");
  await page.getByRole("button", { name: "Save expiry" }).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await chooseAction(page, "Zapier staging", "Revoke");
  await page.getByRole("button", { name: "Revoke key" }).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await page.getByRole("button", { name: /^Account of/ }).click();
  await page.getByRole("menuitem", { name: "Sign out", exact: true }).click();
  await expect(page).toHaveURL("/sign-in");
  await signIn(page.context(), admin);
  await page.goto(`/${team.slug}/settings/audit-log`);

  const shown = await entries(page);
  const own = shown.filter((cells) => cells[1] === admin.name);
  expect(
    own.map((cells) => cells[2]?.match(/^(Signed (?:in|out)|API key (?:revoked|renamed|created)|Expiry changed)/)?.[0]),
  ).toEqual([
    "Signed in",
    "Signed out",
    "API key revoked",
    "Expiry changed",
    "API key renamed",
    "API key created",
    "Signed in",
  ]);
  const about = own.filter((cells) => cells[2]?.match(/API key|Expiry/));
  expect(about.map((cells) => cells[3])).toEqual([
    "Zapier staging",
    "Zapier staging",
    "Zapier production",
    "Zapier production",
  ]);
  expect(about[2]?.[2]).toContain("Zapier production → Zapier staging");
  expect(about[3]?.[2]).toContain("scopes: events.read");
  for (const cells of own) expect(cells[4]).toMatch(/^(127\.0\.0\.1|::1)$/);
  expect((await entriesAbout(page, "Sign-in failed"))[0]?.[1]).toBe("Someone not signed in");
  expect(await page.content()).not.toContain(token.slice(11, 40));
});

test("the log is narrowed by action, member, key and day, and a link keeps what is shown", async ({
  logPage: page,
  admin,
  join,
  team,
}) => {
  const colleague = await join("Developer");
  const first = await createTestKey(admin.actor, { name: "Warehouse staging" });
  const second = await createTestKey(colleague.actor, { name: "Finance export" });
  const entry = (person: Person, key: string, label: string, action: string, at: string) =>
    sql(
      `insert into audit_entries (id, team_id, at, action, actor_id, actor_name, target_type, target_id, target_label, ip)
       values (gen_random_uuid(), $1, $2, $3, $4, $5, 'api_key', $6, $7, '192.0.2.7')`,
      [team.id, at, action, person.actor.userId, person.name, key, label],
    );
  await entry(admin, first.id, "Old warehouse", "api_key.created", "2025-03-01T00:00:00Z");
  await entry(admin, first.id, "Warehouse staging", "api_key.revoked", "2025-03-02T23:59:59.999Z");
  await entry(colleague, second.id, "Finance export", "api_key.created", "2025-03-03T00:00:00Z");
  const rows = page.getByRole("row");
  const filters = page.getByRole("search");
  await page.reload();

  await filters.getByLabel("Action").selectOption("API key created");
  await expect(rows).toHaveCount(3);
  await filters.getByLabel("Member").selectOption({ label: `${colleague.name} (${colleague.email})` });
  await expect(rows).toHaveCount(2);
  await expect(rows.nth(1)).toContainText("Finance export");
  await page.reload();
  await expect(rows).toHaveCount(2);
  await filters.getByRole("button", { name: "Clear filters" }).click();
  await expect(page).toHaveURL(/audit-log\??$/);

  await filters.getByLabel("From (UTC)").fill("2025-03-01");
  await filters.getByLabel("To (UTC)").fill("2025-03-02");
  await expect(rows).toHaveCount(3);
  await expect(rows.nth(1)).toContainText("API key revoked");
  await filters.getByLabel("To (UTC)").fill("2025-02-28");
  await expect(page.getByText("No entry matches these filters.")).toBeVisible();
  await filters.getByRole("button", { name: "Clear filters" }).click();
  await expect(rows.nth(3)).toBeVisible();

  for (const text of [
    "warehouse",
    first.token.slice(0, 11),
    `${first.token.slice(0, 11)}…${first.token.slice(-4)}`,
    first.token,
  ]) {
    await filters.getByLabel("Key").fill(text);
    await expect(rows).toHaveCount(3);
    await expect(page.getByText("Old warehouse")).toBeVisible();
  }
  expect(page.url()).not.toContain(first.token.slice(11, 40));
  await filters.getByLabel("Key").fill("");
  await expect(page.getByRole("link", { name: "Finance export", exact: true })).toBeVisible();
  await page.getByRole("link", { name: "Only entries about Old warehouse" }).click();
  await expect(rows).toHaveCount(3);
  await expect(page).toHaveURL(new RegExp(`key=${first.id}`));
});

test("a long log is paged, newest first, and keeps its filter from page to page", async ({
  logPage: page,
  admin,
  team,
}) => {
  await sql(
    `insert into audit_entries (id, team_id, at, action, actor_id, actor_name, target_type, target_label)
     select gen_random_uuid(), $1, timestamptz '2025-01-01' + (n / 7) * interval '1 minute', 'session.signed_out', $2, $3, 'session', 'Entry ' || n
     from generate_series(1, 120) n`,
    [team.id, admin.actor.userId, admin.name],
  );
  await page.getByRole("search").getByLabel("Action").selectOption("Signed out");
  const pages = page.getByRole("navigation", { name: "Pages" });
  const seen: string[] = [];
  for (const size of [50, 50, 20]) {
    await expect(page.getByRole("row")).toHaveCount(size + 1);
    const shown = (await entries(page)).map((cells) => cells[3] ?? "");
    seen.push(...shown);
    if (size === 50) await pages.getByRole("link", { name: "Older" }).click();
    if (seen.length < 120) await expect(page.getByText(shown[0] ?? "", { exact: true })).toHaveCount(0);
  }
  expect(new Set(seen).size).toBe(120);
  const minutes = seen.map((label) => Math.floor(Number(label.slice(6)) / 7));
  expect(minutes).toEqual(minutes.toSorted((a, b) => b - a));
  await pages.getByRole("link", { name: "Newer" }).click();
  await expect(page.getByText(seen[50] ?? "", { exact: true })).toBeVisible();
});

test("a name that would turn the text around is shown with its control characters spelt out", async ({
  logPage: page,
  team,
  admin,
}) => {
  const name = "invoice\u202Etxt.exe\u2066";
  await createTestKey(admin.actor, { name });
  await sql(
    `insert into audit_entries (id, team_id, action, actor_id, actor_name, target_type, target_label, details)
     values (gen_random_uuid(), $1, 'api_key.renamed', $2, $3, 'api_key', $4, $5)`,
    [team.id, admin.actor.userId, `Eve\u200F`, name, { from: name, to: "<b>x</b>" }],
  );
  await page.reload();
  const row = page.getByRole("row").nth(1);
  await expect(row).toContainText("invoice\\u202etxt.exe\\u2066");
  await expect(row).toContainText("Eve\\u200f");
  await expect(row).toContainText("<b>x</b>");
  expect(await row.textContent()).not.toMatch(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/);
  await page.getByRole("link", { name: "API Keys" }).click();
  await expect(page.getByRole("heading", { name: "API Keys", exact: true })).toBeVisible();
  await expect(page.getByText("invoice\\u202etxt.exe\\u2066")).toBeVisible();
});

test("a member of another team finds none of this team's entries, not even by a key's id", async ({
  logPage: page,
  join,
}) => {
  const stranger = await join("Admin", { team: await createTestTeam() });
  const { id } = await createTestKey(stranger.actor, { name: "Theirs" });
  await page.goto(`${page.url()}?key=${id}`);
  await expect(page.getByText("No entry matches these filters.")).toBeVisible();
  await page.goto(`${page.url().split("?")[0]}?member=${stranger.actor.userId}`);
  await expect(page.getByText("No entry matches these filters.")).toBeVisible();
});

test("a change of a role reads as what was added and taken away, and what a change is about leads to its screen", async ({
  logPage: page,
  team,
  admin,
}) => {
  const { id } = await createTestKey(admin.actor, { name: "Zapier" });
  const entry = (action: string, target: string, targetId: string | null, details: object) =>
    sql(
      `insert into audit_entries (id, team_id, action, actor_id, actor_name, target_type, target_id, target_label, details)
       values (gen_random_uuid(), $1, $2, $3, $4, $5, $6, 'Support', $7)`,
      [team.id, action, admin.actor.userId, admin.name, target, targetId, details],
    );
  await entry("role.changed", "role", id, { added: ["events.write"], removed: ["reports.read"] });
  await entry("api_key.narrowed", "api_key", id, { allowed_ips: { from: [], to: ["10.0.0.0/8"] } });
  const filters = page.getByRole("search");
  const rows = page.getByRole("row");
  await filters.getByLabel("About").selectOption("Roles");
  await expect(rows).toHaveCount(2);
  await expect(rows.nth(1)).toContainText("Role changed+events.write −reports.read");
  await expect(page.getByRole("link", { name: "Support" })).toHaveAttribute(
    "href",
    `/${team.slug}/settings/roles/${id}`,
  );
  await filters.getByLabel("About").selectOption("API keys");
  await expect(rows).toHaveCount(2);
  await expect(rows.nth(1)).toContainText("addresses: any address → 10.0.0.0/8");
  await expect(page.getByRole("link", { name: "Support", exact: true })).toHaveAttribute(
    "href",
    `/${team.slug}/settings/api-keys/${id}`,
  );
});

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

test("the log with its filters is accessible in both themes, wide and narrow", async ({ logPage: page }) => {
  await expectAccessible(page);
});
