import type { Page } from "@playwright/test";
import { createTestKey, createTestTeam, inDays } from "@/lib/testing/fixtures";
import { expectAccessible } from "./accessible";
import { at, auditOf, callApi, expect, type Person, signIn, sql, TOKEN, test, toast } from "./fixtures";

const KEY = { name: "Nightly export", scopes: ["events.read", "events.write", "contacts.read"] };

/** A key with three days of calls, an IP address, and one used scope. */
async function usedKey({ actor }: Person): Promise<{ id: string; token: string }> {
  const { id, token } = await createTestKey(actor, { ...KEY, createdAt: inDays(-200), expiresAt: inDays(100) });
  const today = "date_trunc('day', now(), 'UTC')";
  await sql(
    `insert into api_key_hours (key_id, hour, code, calls, last_at, last_ip) values
      ($1, ${today} - interval '2 days', 'valid', 1200, now(), '192.0.2.7'),
      ($1, ${today} - interval '1 day', 'ip_not_allowed', 34, now(), '203.0.113.9'),
      ($1, ${today} - interval '60 days', 'valid', 5000, now(), '192.0.2.7')`,
    [id],
  );
  await sql(
    `insert into api_key_usage (key_id, team_id, last_used_at, last_used_ip, last_used_user_agent, hour, calls)
    values ($1, $2, now(), '192.0.2.7', 'exporter/2.1', date_trunc('hour', now(), 'UTC'), 5)`,
    [id, actor.teamId],
  );
  await sql(
    `insert into api_key_addresses (key_id, ip, user_agent, first_at, last_at, hour, calls)
    values ($1, '192.0.2.7', 'exporter/2.1', now() - interval '9 days', now(), date_trunc('hour', now(), 'UTC'), 5)`,
    [id],
  );
  await sql("insert into api_key_scope_uses (key_id, scope, last_at) values ($1, 'events.read', now())", [id]);
  return { id, token };
}

const section = (page: Page, name: string) => page.getByRole("region", { name, exact: true });

test("a key's page tells its calls a day, in a chart, in words and in a table", async ({ page, team, developer }) => {
  const { id } = await usedKey(developer);
  await signIn(page.context(), developer);
  await page.goto(`/${team.slug}/settings/api-keys/${id}`);
  await expect(page.getByRole("heading", { name: "Nightly export", level: 1 })).toBeVisible();
  const calls = section(page, "Requests per day");
  const chart = calls.getByRole("img", {
    name: "Requests per day. 1,205 allowed and 34 denied requests in the last 30 days.",
  });
  await expect(chart.locator("svg")).toBeVisible();
  await expect(calls.getByText("Denied: IP address not allowed")).toBeVisible();
  await calls.getByText("Show as table").click();
  await expect(calls.getByRole("row")).toHaveCount(31);
  await expect(calls.getByRole("row").nth(3).getByRole("cell").first()).toHaveText("1,200");
  await expect(calls.getByRole("row").nth(2).getByRole("cell").last()).toHaveText("34");

  await calls.getByRole("link", { name: "90 days" }).click();
  await expect(page).toHaveURL(/\?days=90$/);
  await expect(
    calls.getByRole("img", { name: "6,205 allowed and 34 denied requests in the last 90 days." }),
  ).toBeVisible();
  await page.reload();
  await expect(calls.getByRole("link", { name: "90 days" })).toHaveAttribute("aria-current", "page");
});

test("a key's page tells where it is used from, and what was done with it", async ({ page, team, developer }) => {
  const { id } = await usedKey(developer);
  await signIn(page.context(), developer);
  await page.goto(`/${team.slug}/settings/api-keys/${id}`);
  await expect(section(page, "IP addresses").getByRole("row").nth(1)).toContainText("192.0.2.7");
  await expect(section(page, "IP addresses").getByRole("row").nth(1)).toContainText("exporter/2.1");

  await page.getByRole("button", { name: "Actions" }).click();
  await page.getByRole("menuitem", { name: "Edit name" }).click();
  await page.getByRole("dialog").getByLabel("Name").fill("Export, production");
  await page.getByRole("button", { name: "Save name" }).click();
  await expect(page.getByRole("heading", { name: "Export, production", level: 1 })).toBeVisible();
  const entry = section(page, "Audit trail").getByRole("listitem").first();
  await expect(entry).toContainText("API key renamed");
  await expect(entry).toContainText(developer.name);
  // A Developer can't read the team's log, but an owner can read their key's entries.
  await expect(page.getByRole("link", { name: "Open audit log" })).toHaveCount(0);
});

test("scopes that nobody exercises are dropped by a narrower successor in one click", async ({
  page,
  team,
  developer,
}) => {
  const { id } = await usedKey(developer);
  await signIn(page.context(), developer);
  await page.goto(`/${team.slug}/settings/api-keys/${id}`);
  const idle = section(page, "Unused scopes");
  await expect(idle.getByRole("listitem")).toHaveText([/events\.write/, /contacts\.read/]);
  await idle.getByRole("button", { name: "Rotate without these scopes" }).click();
  await expect(page.getByRole("dialog")).toContainText("only events.read");
  await page.getByRole("button", { name: "Rotate key" }).click();
  const field = page.getByRole("textbox", { name: "Token" });
  await expect(field).toHaveValue(TOKEN);
  const token = await field.inputValue();
  const [rotated] = await auditOf(team, "api_key.rotated");
  expect(rotated?.details).toMatchObject({ dropped_scopes: ["events.write", "contacts.read"] });
  await page.getByRole("button", { name: "Done" }).click();
  await page.getByRole("button", { name: "Close without copying" }).click();

  await expect(section(page, "Grace period")).toContainText("Old token");
  const chain = section(page, "Rotation").getByRole("listitem");
  await expect(chain).toHaveCount(2);
  await expect(chain.nth(1)).toContainText("This key");
  await chain.nth(0).getByRole("link", { name: "Nightly export" }).click();
  await expect(section(page, "Rotation").getByRole("listitem").nth(0)).toContainText("This key");
  await expect(section(page, "Unused scopes")).toContainText("This key hasn't been used yet.");
  expect(await callApi(token, "/api/v1/me")).toMatchObject({
    status: 200,
    body: { data: { scopes: ["events.read"] } },
  });
});

test("a key's page says when Latchkey can't know which scopes are needed", async ({ page, team, developer }) => {
  const { id } = await usedKey(developer);
  await sql("delete from api_key_scope_uses where key_id = $1", [id]);
  await signIn(page.context(), developer);
  await page.goto(`/${team.slug}/settings/api-keys/${id}`);
  await expect(section(page, "Unused scopes")).toContainText("We can't tell");
  await expect(page.getByRole("button", { name: "Rotate without these scopes" })).toHaveCount(0);
});

test("calls that just came in are on the key's page", async ({ page, team, developer }) => {
  const { id, token } = await createTestKey(developer.actor, KEY);
  await expect.poll(async () => (await callApi(token, "/api/v1/me")).status).toBe(200);
  await signIn(page.context(), developer);
  await expect(async () => {
    await page.goto(`/${team.slug}/settings/api-keys/${id}`);
    await expect(page.getByRole("img", { name: /[1-9] allowed and 0 denied/ })).toBeVisible({ timeout: 1_000 });
  }).toPass();
});

test("a key's page is not found for whoever may not see the key, and for ids that are none", async ({
  page,
  team,
  developer,
  join,
}) => {
  const colleague = await join("Developer");
  const stranger = await join("Admin", { team: await createTestTeam() });
  const ids = [
    (await createTestKey(colleague.actor)).id,
    (await createTestKey(colleague.actor, { kind: "team" })).id,
    (await createTestKey(stranger.actor, { kind: "team" })).id,
    "018f5b5e-0000-7000-8000-000000000000",
    "no-id",
  ];
  await signIn(page.context(), developer);
  for (const id of ids) {
    const response = await page.request.get(at(`/${team.slug}/settings/api-keys/${id}`));
    expect(response.status(), id).toBe(404);
  }
});

test("an Admin sees a colleague's personal key, and can revoke it but do nothing else", async ({
  page,
  team,
  developer,
  join,
}) => {
  const { id } = await usedKey(developer);
  await signIn(page.context(), await join("Admin"));
  await page.goto(`/${team.slug}/settings/api-keys/${id}`);
  await expect(page.getByText(developer.name).first()).toBeVisible();
  await expect(page.getByRole("link", { name: "Open audit log" })).toHaveAttribute("href", new RegExp(`key=${id}`));
  await page.getByRole("button", { name: "Actions" }).click();
  await expect(page.getByRole("menuitem", { name: "Rotate" })).toHaveCount(0);
  await page.getByRole("menuitem", { name: "Revoke" }).click();
  await page.getByRole("button", { name: "Revoke key" }).click();
  await expect(toast(page, "Revoked Nightly export")).toBeVisible();
  await expect(section(page, "Audit trail").getByRole("listitem").first()).toContainText("API key revoked");
});

test("a key's page is accessible, with calls and without", async ({ page, team, developer }) => {
  const { id } = await usedKey(developer);
  const unused = await createTestKey(developer.actor, { name: "x".repeat(80), allowedIps: ["2001:db8::/32"] });
  await signIn(page.context(), developer);
  await page.goto(`/${team.slug}/settings/api-keys/${id}`);
  await page.getByText("Show as table").click();
  await expect(page.getByRole("img", { name: /Requests per day/ }).locator("svg")).toBeVisible();
  await expectAccessible(page);
  await page.goto(`/${team.slug}/settings/api-keys/${unused.id}`);
  await expect(page.getByRole("img", { name: "No requests in the last 30 days." })).toBeVisible();
  await expectAccessible(page);
});

test.describe("for a reader in Tokyo", () => {
  test.use({ timezoneId: "Asia/Tokyo" });

  test("every exact time on a key's page names its zone, those of its changes as well", async ({
    page,
    team,
    developer,
    admin,
  }) => {
    const { id } = await createTestKey(developer.actor, { expiresAt: new Date("2031-02-19T18:19:27Z") });
    await sql(
      `insert into audit_entries (id, team_id, at, action, actor_id, actor_name, target_type, target_id, target_label, details)
       values (gen_random_uuid(), $1, '2026-01-02T20:00:00Z', 'api_key.expiry_changed', $2, $3, 'api_key', $4, 'Test key', $5)`,
      [team.id, admin.actor.userId, admin.name, id, { from: null, to: "2031-02-19T18:19:27.000Z" }],
    );
    await signIn(page.context(), admin);
    await page.goto(`/${team.slug}/settings/api-keys/${id}`);
    const expiry = page.getByText("20 Feb 2031, 03:19:27 GMT+9", { exact: true });
    await expect(expiry).toBeVisible();
    await expect(expiry).toHaveAttribute("title", "19 Feb 2031, 18:19:27 UTC");
    const trail = section(page, "Audit trail");
    await expect(trail.getByText("3 Jan 2026, 05:00:00 GMT+9")).toBeVisible();
    await expect(trail.getByText(/→ 20 Feb 2031, 03:19:27 GMT\+9/)).toBeVisible();
    await expect(trail).not.toContainText("UTC");
  });
});
