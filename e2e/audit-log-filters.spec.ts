import { createTestKey } from "@/lib/testing/fixtures";
import { expectAccessible } from "./accessible";
import { entries, test } from "./audit-log-page";
import { expect, type Person, sql } from "./fixtures";

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

  await filters.getByLabel("Event").selectOption("API key created");
  await expect(rows).toHaveCount(3);
  await filters.getByLabel("Actor").selectOption({ label: `${colleague.name} (${colleague.email})` });
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
  await expect(page.getByText("No entries match these filters.")).toBeVisible();
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
  await page.getByRole("search").getByLabel("Event").selectOption("Signed out");
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

test("what a link asks for and the log can't read is named, and nothing is said where all was read", async ({
  logPage: page,
  team,
}) => {
  await page.goto(`/${team.slug}/settings/audit-log?from=notadate&action=api_key.nope`);
  await expect(page.getByText("Ignored invalid date “from=notadate”.")).toBeVisible();
  await expect(page.getByText("Ignored unknown filter “action=api_key.nope”.")).toBeVisible();
  await expectAccessible(page);
  await page.goto(`/${team.slug}/settings/audit-log?from=2025-01-01&action=`);
  await expect(page.getByRole("table")).toBeVisible();
  await expect(page.getByText("Ignored")).toHaveCount(0);
});
