import {
  at,
  auditOf,
  callApi,
  captureAction,
  chooseAction,
  closeToken,
  countKeys,
  createKey,
  expect,
  type Person,
  rowOf,
  sendAction,
  signIn,
  sql,
  test,
} from "./fixtures";

const setRole = (person: Person, role: string) =>
  sql("update members set role_id = (select id from roles where team_id = $1 and name = $2) where id = $3", [
    person.actor.teamId,
    role,
    person.actor.memberId,
  ]);

for (const role of ["Member", "Viewer"] as const) {
  test(`a ${role} gets neither the API keys page nor the audit log, nor a link to them`, async ({
    page,
    team,
    join,
  }) => {
    await signIn(page.context(), await join(role));
    for (const path of ["settings/api-keys", "settings/audit-log"]) {
      const response = await page.goto(`/${team.slug}/${path}`);
      expect(response?.status()).toBe(403);
      await expect(page.getByRole("heading", { name: "You don't have access to this page" })).toBeVisible();
    }
    await page.getByRole("link", { name: "Go to my team" }).click();
    await expect(page.getByText("You don’t have access to any settings yet.")).toBeVisible();
    await expect(page.getByRole("navigation", { name: "Settings" }).getByRole("link")).toHaveCount(0);
  });

  test(`a ${role} who sends the actions of the page anyway is refused, and the refusal is in the audit log`, async ({
    keysPage,
    browser,
    team,
    join,
  }) => {
    const create = await captureAction(keysPage, () => createKey(keysPage, { name: "Real" }));
    await closeToken(keysPage);
    const revoke = await captureAction(keysPage, async () => {
      await chooseAction(keysPage, "Real", "Revoke");
      await keysPage.getByRole("button", { name: "Revoke key" }).click();
    });
    await expect(rowOf(keysPage, "Real").getByText("Revoked")).toBeVisible();

    const other = await join(role);
    const context = await browser.newContext();
    await signIn(context, other);
    for (const call of [create, revoke]) {
      const { result } = await sendAction(context, call);
      expect(result).toMatchObject({ ok: false, error: { code: "forbidden" } });
      expect(result?.error?.message).toContain("Manage API tokens");
    }
    expect(await countKeys(team)).toBe(1);
    const refusals = await auditOf(team, "permission.refused");
    expect(refusals.map((entry) => entry.actor_id)).toEqual([other.actor.userId, other.actor.userId]);
    await context.close();
  });
}

test("a member can give a key no scope beyond their own permissions, in the dialog or past it", async ({
  page,
  team,
  developer,
}) => {
  await sql(
    "update roles set permissions = '{developer.manage_tokens,events.read,reports.read}' where team_id = $1 and name = $2",
    [team.id, "Developer"],
  );
  await signIn(page.context(), developer);
  await page.goto(`/${team.slug}/settings/api-keys`);
  await page.getByRole("button", { name: "Create API key" }).click();
  const dialog = page.getByRole("dialog", { name: "Create API key" });
  await expect(dialog.getByRole("checkbox")).toHaveCount(2);
  await dialog.getByRole("checkbox", { name: "events.read" }).check();
  await dialog.getByRole("checkbox", { name: "reports.read" }).check();
  const call = await captureAction(page, () => dialog.getByRole("button", { name: "Create API key" }).click());
  await expect(page.getByRole("textbox", { name: "Token" })).toBeVisible();

  const [slug, input] = call.args as [string, Record<string, unknown>];
  for (const scopes of [["events.write"], ["events.read", "contacts.read"]]) {
    const { result } = await sendAction(page.context(), { ...call, args: [slug, { ...input, scopes }] });
    expect(result).toMatchObject({ ok: false, error: { code: "forbidden" } });
  }
  const unknown = await sendAction(page.context(), {
    ...call,
    args: [slug, { ...input, scopes: ["team.manage_keys"] }],
  });
  expect(unknown.result).toMatchObject({ ok: false, error: { code: "invalid" } });
  expect(await countKeys(team)).toBe(1);
  expect(await auditOf(team, "permission.refused")).toHaveLength(2);
});

test("a demotion takes effect on the next click, for the member and for their keys", async ({
  keysPage,
  team,
  developer,
}) => {
  const token = await createKey(keysPage, { name: "Warehouse staging", preset: "Full access" });
  await closeToken(keysPage);
  // The test needs a page that was read before, so the refresh after closing must not come later.
  await keysPage.reload();
  const event = { method: "POST", body: JSON.stringify({ name: "Fair", starts_at: "2027-05-01T18:00:00Z" }) };
  expect((await callApi(token, "/api/v1/organizer/events", event)).status).toBe(201);

  await setRole(developer, "Viewer");

  expect((await callApi(token, "/api/v1/organizer/events", event)).body.code).toBe("insufficient_scope");
  expect((await callApi(token, "/api/v1/organizer/events")).status).toBe(200);
  await chooseAction(keysPage, "Warehouse staging", "Edit name");
  const name = keysPage.getByRole("dialog").getByLabel("Name");
  await name.fill("Renamed after the demotion");
  await keysPage.getByRole("button", { name: "Save name" }).click();
  await expect(keysPage.getByRole("alert").filter({ hasText: "Manage API tokens" })).toBeVisible();
  await expect(name).toHaveValue("Renamed after the demotion");
  expect(await auditOf(team, "api_key.renamed")).toHaveLength(0);

  await keysPage.getByRole("button", { name: "Cancel" }).click();
  await keysPage.getByRole("link", { name: "API keys" }).click();
  await expect(keysPage.getByRole("heading", { name: "You don't have access to this page" })).toBeVisible();

  await setRole(developer, "Developer");
  await keysPage.goto(`/${team.slug}/settings/api-keys`);
  await expect(rowOf(keysPage, "Warehouse staging")).toBeVisible();
});

test("a member who is removed loses the team and their keys at once", async ({ keysPage, team, developer }) => {
  const token = await createKey(keysPage, { name: "Zapier" });
  await closeToken(keysPage);
  await expect(rowOf(keysPage, "Zapier")).toBeVisible();
  await sql("update members set removed_at = now() where id = $1", [developer.actor.memberId]);
  expect(await callApi(token, "/api/v1/me")).toMatchObject({ status: 401, body: { code: "invalid_token" } });
  expect((await keysPage.goto(`/${team.slug}/settings/api-keys`))?.status()).toBe(404);
});

test("a page opened in a loop makes one entry, and a minute later one with how often it was", async ({
  page,
  browser,
  team,
  join,
  admin,
}) => {
  const viewer = await join("Viewer");
  const context = await browser.newContext({ baseURL: at("/") });
  await signIn(context, viewer);
  const path = `/${team.slug}/settings/members`;
  for (let visit = 0; visit < 5; visit++) expect((await context.request.get(path)).status()).toBe(403);
  await context.close();
  expect(await auditOf(team, "permission.refused")).toMatchObject([{ target_label: `Opening ${path}`, details: {} }]);

  await sql("update refusal_counts set since = now() - interval '61 seconds' where member_id = $1", [
    viewer.actor.memberId,
  ]);
  await expect.poll(async () => (await auditOf(team, "permission.refused")).length).toBe(2);
  await signIn(page.context(), admin);
  await page.goto(`/${team.slug}/settings/audit-log?action=permission.refused`);
  await expect(page.getByText("and 4 more in the last minute")).toBeVisible();
});
