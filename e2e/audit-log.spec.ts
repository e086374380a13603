import { createTestKey, createTestTeam } from "@/lib/testing/fixtures";
import { expectAccessible } from "./accessible";
import { entries, entriesAbout, test } from "./audit-log-page";
import { chooseAction, closeToken, createKey, expect, signIn, signInByForm, sql } from "./fixtures";

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
  await chooseAction(page, "Zapier staging", "Change expiration");
  await page.getByRole("dialog").getByLabel("Expires").selectOption("Never");
  await page.getByRole("button", { name: "Save expiration" }).click();
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
    own.map(
      (cells) =>
        cells[2]?.match(/^(Signed (?:in|out)|API key (?:revoked|renamed|created)|API key expiration changed)/)?.[0],
    ),
  ).toEqual([
    "Signed in",
    "Signed out",
    "API key revoked",
    "API key expiration changed",
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
  await page.getByRole("link", { name: "API keys" }).click();
  await expect(page.getByRole("heading", { name: "API keys", exact: true })).toBeVisible();
  await expect(page.getByText("invoice\\u202etxt.exe\\u2066")).toBeVisible();
});

test("a member of another team finds none of this team's entries, not even by a key's id", async ({
  logPage: page,
  join,
}) => {
  const stranger = await join("Admin", { team: await createTestTeam() });
  const { id } = await createTestKey(stranger.actor, { name: "Theirs" });
  await page.goto(`${page.url()}?key=${id}`);
  await expect(page.getByText("No entries match these filters.")).toBeVisible();
  await page.goto(`${page.url().split("?")[0]}?member=${stranger.actor.userId}`);
  await expect(page.getByText("No entries match these filters.")).toBeVisible();
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
  await filters.getByLabel("Target").selectOption("Roles");
  await expect(rows).toHaveCount(2);
  await expect(rows.nth(1)).toContainText("Role changed+events.write −reports.read");
  await expect(page.getByRole("link", { name: "Support" })).toHaveAttribute(
    "href",
    `/${team.slug}/settings/roles/${id}`,
  );
  await filters.getByLabel("Target").selectOption("API keys");
  await expect(rows).toHaveCount(2);
  await expect(rows.nth(1)).toContainText("IP allowlist: any IP → 10.0.0.0/8");
  await expect(page.getByRole("link", { name: "Support", exact: true })).toHaveAttribute(
    "href",
    `/${team.slug}/settings/api-keys/${id}`,
  );
});

test("the log with its filters is accessible in both themes, wide and narrow", async ({ logPage: page }) => {
  await expectAccessible(page);
});
