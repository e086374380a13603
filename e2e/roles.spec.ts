import { createTestKey, createTestKeys, createTestTeam } from "@/lib/testing/fixtures";
import { expectAccessible } from "./accessible";
import { auditOf, callApi, captureAction, expect, rowOf, sendAction, signIn, sql, test, toast } from "./fixtures";
import { box, chooseRoleAction, openRole, rolesPath, save } from "./roles-page";

test("a role is created, filled, duplicated, renamed and deleted", async ({ page, team, join }) => {
  await signIn(page.context(), await join("Admin"));
  await page.goto(rolesPath(team));

  await page.getByRole("button", { name: "Create role" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Create role" }).click();
  await expect(dialog.getByText("Enter a name.")).toBeVisible();
  await dialog.getByLabel("Name").fill("viewer");
  await dialog.getByRole("button", { name: "Create role" }).click();
  await expect(dialog.getByText("There is already a role called Viewer.")).toBeVisible();
  await dialog.getByLabel("Name").fill("Support");
  await dialog.getByRole("button", { name: "Create role" }).click();

  await expect(page.getByRole("heading", { level: 1, name: "Support" })).toBeVisible();
  await box(page, "Manage API tokens").check();
  await box(page, "events.read").check();
  await expect(page.getByText("Nobody has this role yet, so nobody is affected")).toBeVisible();
  await save(page);
  expect(await auditOf(team, "role.changed")).toMatchObject([
    { target_label: "Support", details: { added: ["developer.manage_tokens", "events.read"], members: 0 } },
  ]);

  await chooseRoleAction(page, "Support", "Duplicate");
  await expect(dialog.getByLabel("Name")).toHaveValue("Copy of Support");
  await dialog.getByLabel("Name").fill("Support at night");
  await dialog.getByRole("button", { name: "Create role" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Support at night" })).toBeVisible();
  await expect(box(page, "events.read")).toBeChecked();
  await expect(box(page, "events.write")).not.toBeChecked();

  await chooseRoleAction(page, "Support at night", "Rename");
  await dialog.getByLabel("Name").fill("Night shift");
  await dialog.getByRole("button", { name: "Save name" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Night shift" })).toBeVisible();

  await chooseRoleAction(page, "Night shift", "Delete");
  await dialog.getByRole("button", { name: "Delete role" }).click();
  await expect(toast(page, "Deleted Night shift")).toBeVisible();
  await expect(rowOf(page, "Support")).toBeVisible();
  await expect(rowOf(page, "Night shift")).toHaveCount(0);
});

test("what a change takes from members and keys is said before it is saved, and is gone for the next request", async ({
  page,
  team,
  join,
}) => {
  await signIn(page.context(), await join("Admin"));
  const holders = [await join("Developer"), await join("Developer"), await join("Developer")];
  const tokens: string[] = [];
  for (const { actor } of holders) {
    tokens.push((await createTestKey(actor, { scopes: ["events.read", "events.write"] })).token);
    await createTestKeys(actor, [{ scopes: ["events.read"] }, { scopes: ["events.write"], revokedAt: new Date() }]);
  }
  await openRole(page, team, "Developer");
  await box(page, "events.write").uncheck();
  const sentence = "3 members and 3 of their keys lose events.write.";
  await expect(page.getByText(sentence)).toBeVisible();

  await page.getByRole("button", { name: "Save changes" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByText(sentence)).toBeVisible();
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(box(page, "events.write")).not.toBeChecked();
  expect(await auditOf(team, "role.changed")).toHaveLength(0);

  const event = { method: "POST", body: JSON.stringify({ name: "Fair", starts_at: "2027-05-01T18:00:00Z" }) };
  expect((await callApi(tokens[0] ?? "", "/api/v1/organizer/events", event)).status).toBe(201);
  await save(page, { takesAway: true });
  for (const token of tokens) {
    expect((await callApi(token, "/api/v1/organizer/events", event)).body.code).toBe("insufficient_scope");
    expect((await callApi(token, "/api/v1/organizer/events")).status).toBe(200);
  }
  await expect(page.getByText("No changes yet.")).toBeVisible();

  await box(page, "events.write").check();
  await expect(page.getByText("3 members gain events.write, and 3 keys of theirs")).toBeVisible();
  await save(page);
  expect((await callApi(tokens[0] ?? "", "/api/v1/organizer/events", event)).status).toBe(201);
});

test("a member who is given Manage API tokens sees the Developer API banner at their next request, and loses the page when it is taken", async ({
  page,
  browser,
  team,
  join,
}) => {
  await signIn(page.context(), await join("Admin"));
  const memberContext = await browser.newContext();
  await signIn(memberContext, await join("Member"));
  const memberPage = await memberContext.newPage();
  const settings = `/${team.slug}/settings`;
  const banner = memberPage.getByRole("region", { name: "Developer API" });

  await memberPage.goto(settings);
  await expect(memberPage.getByText("You don’t have access to any settings yet.")).toBeVisible();
  await expect(banner).toHaveCount(0);

  await openRole(page, team, "Member");
  await box(page, "Manage API tokens").check();
  await expect(page.getByText("1 member can manage API tokens.")).toBeVisible();
  await save(page);

  await memberPage.reload();
  await expect(banner).toBeVisible();
  await banner.getByRole("link", { name: "API keys" }).click();
  await expect(memberPage.getByRole("heading", { level: 1, name: "API keys" })).toBeVisible();

  await box(page, "Manage API tokens").uncheck();
  await save(page, { takesAway: true });
  expect((await memberPage.reload())?.status()).toBe(403);
  await memberPage.goto(settings);
  await expect(banner).toHaveCount(0);
  await memberContext.close();
});

test("whoever manages roles gives no more than they hold, in the page and past it", async ({
  page,
  browser,
  team,
  join,
}) => {
  const limited = await join("Viewer");
  await sql("update roles set permissions = $1 where team_id = $2 and name = 'Viewer'", [
    ["team.manage_roles", "events.read"],
    team.id,
  ]);
  await sql("insert into roles (id, team_id, name, permissions) values (gen_random_uuid(), $1, 'Guest', '{}')", [
    team.id,
  ]);
  await signIn(page.context(), limited);
  await openRole(page, team, "Guest");
  await expect(box(page, "events.write")).toBeDisabled();
  await expect(box(page, "Manage members")).toBeDisabled();
  await box(page, "events.read").check();
  const call = await captureAction(page, () => page.getByRole("button", { name: "Save changes" }).click());
  await expect(toast(page, "Role saved")).toBeVisible();

  await openRole(page, team, "Developer");
  await expect(page.getByText(/which your own role doesn't, so you can't change/)).toBeVisible();
  await expect(box(page, "events.read")).toBeDisabled();

  const stranger = await browser.newContext();
  await signIn(stranger, await join("Developer"));
  const answer = await sendAction(stranger, call);
  expect(answer.result).toMatchObject({ ok: false, error: { code: "forbidden" } });
  await stranger.close();
});

test("another team's role, or one that isn't there, is not found", async ({ page, team, join }) => {
  const foreign = await createTestTeam();
  const [role] = await sql<{ id: string }>("select id from roles where team_id = $1 limit 1", [foreign.id]);
  await signIn(page.context(), await join("Admin"));
  for (const id of [role?.id, "no-such-role"]) {
    expect((await page.goto(`${rolesPath(team)}/${id}`))?.status()).toBe(404);
  }
});

test("the roles, their dialogs and a role are accessible", async ({ page, team, join }) => {
  await signIn(page.context(), await join("Admin"));
  const { actor } = await join("Developer");
  await createTestKey(actor, { scopes: ["events.write"] });
  await page.goto(`/${team.slug}/settings`);
  await expect(page.getByRole("region", { name: "Developer API" })).toBeVisible();
  await expectAccessible(page);
  await page.goto(rolesPath(team));
  await expectAccessible(page);
  await page.getByRole("button", { name: "Create role" }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await openRole(page, team, "Developer");
  await box(page, "events.write").uncheck();
  await box(page, "Manage API tokens").uncheck();
  await box(page, "View the audit log").check();
  await expect(page.getByText("1 member and 1 of their keys lose events.write.")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByRole("dialog").getByText("1 member can view the audit log.")).toBeVisible();
  await expectAccessible(page);
});
