import type { Page, Request } from "@playwright/test";
import { createTestKey, createTestTeam, inDays } from "@/lib/testing/fixtures";
import { expectAccessible } from "./accessible";
import { callApi, chooseAction, expect, type Person, signIn, sql, test } from "./fixtures";

const field = (page: Page) => page.getByLabel("Request ID, key or token");
const answer = (page: Page) => page.getByRole("status").filter({ has: page.getByRole("heading", { level: 2 }) });

async function open(page: Page, slug: string, person: Person): Promise<void> {
  await signIn(page.context(), person);
  await page.goto(`/${slug}/settings/api-keys/why`);
}

async function ask(page: Page, text: string): Promise<void> {
  await field(page).fill(text);
  await page.getByRole("button", { name: "Find out" }).click();
}

/** Everything that the page sends, as one searchable text. */
function collectRequests(page: Page): string[] {
  const sent: string[] = [];
  page.on("request", (request: Request) =>
    sent.push(request.url(), JSON.stringify(request.headers()), request.postData() ?? ""),
  );
  return sent;
}

test("a refused request is explained by its id: the rule, when, from where and what mends it", async ({
  page,
  team,
  developer,
}) => {
  const { token } = await createTestKey(developer.actor, { name: "Export", scopes: ["events.read"] });
  const requestId = `export-${team.slug}`.slice(0, 60);
  const headers = { "x-request-id": requestId, "user-agent": "exporter/2.1" };
  const refused = () => callApi(token, "/api/v1/forward-auth?scope=events.write", { headers });
  await expect.poll(async () => (await refused()).status).toBe(403);
  await open(page, team.slug, developer);
  await expect(async () => {
    await ask(page, requestId);
    await expect(answer(page)).toContainText("Denied: a scope is missing", { timeout: 2_000 });
  }).toPass();
  await expect(answer(page)).toContainText("from 127.0.0.1");
  await expect(answer(page)).toContainText("exporter/2.1");
  await expect(answer(page)).toContainText("The key doesn't have events.write");
  await expect(answer(page).getByRole("link", { name: "Export" })).toBeVisible();
});

test("a pasted token is answered about and never sent, and nothing of it stays in the field or the address", async ({
  page,
  team,
  developer,
}) => {
  const { token, id } = await createTestKey(developer.actor, { name: "Export" });
  await signIn(page.context(), developer);
  await page.goto(`/${team.slug}/settings/api-keys`);
  await chooseAction(page, "Export", "Revoke");
  await page.getByRole("button", { name: "Revoke key" }).click();
  await page.getByRole("link", { name: "Why did it stop?" }).click();
  await expect(page.getByRole("heading", { name: "Why did it stop?", level: 1 })).toBeVisible();
  const sent = collectRequests(page);
  await ask(page, `Bearer ${token}`);
  await expect(answer(page)).toContainText("Denied: the key is revoked");
  await expect(answer(page)).toContainText(`${developer.name} revoked it on`);
  await expect(answer(page).getByRole("link", { name: "Export" })).toHaveAttribute("href", new RegExp(`${id}$`));
  const secret = token.slice(token.lastIndexOf("_") + 5);
  expect(sent.length).toBeGreaterThan(0);
  expect(sent.join("\n")).not.toContain(secret.slice(0, 20));
  expect(await field(page).inputValue()).not.toContain(secret.slice(0, 20));
  expect(page.url()).not.toContain(secret.slice(0, 20));
});

test("a mistyped or shortened token is known as one in the browser, and nothing is sent", async ({
  page,
  team,
  developer,
}) => {
  const { token } = await createTestKey(developer.actor);
  await open(page, team.slug, developer);
  await expect(field(page)).toBeEditable();
  const sent = collectRequests(page);
  const typo = token.slice(0, 30) + (token[30] === "a" ? "b" : "a") + token.slice(31);
  await ask(page, typo);
  await expect(page.getByRole("alert").filter({ hasText: "This token isn't complete or was mistyped" })).toBeVisible();
  await ask(page, token.slice(0, -6));
  await expect(page.getByRole("alert").filter({ hasText: "This token isn't complete: it has 72" })).toBeVisible();
  expect(sent.filter((text) => text.includes("explainStop") || text.includes(token.slice(15, 40)))).toEqual([]);
});

test("others' keys and tokens are answered about like nobody's", async ({ page, team, developer, join }) => {
  const colleague = await join("Developer");
  const stranger = await join("Admin", { team: await createTestTeam() });
  await open(page, team.slug, developer);
  await ask(page, "no-such-request");
  await expect(answer(page)).toContainText("Nothing found");
  const nothing = (await answer(page).textContent()) ?? "";
  for (const { actor } of [colleague, stranger]) {
    const { id, token } = await createTestKey(actor, { name: "Secret plan" });
    await ask(page, id);
    await expect(page.getByRole("button", { name: "Find out" })).toBeVisible();
    await expect(answer(page)).toHaveText(nothing);
    await ask(page, token);
    await expect(answer(page)).toContainText("No key found for this token");
  }
});

test("a key that works is said to be let through, and a name that several keys have offers them", async ({
  page,
  team,
  developer,
}) => {
  const { id } = await createTestKey(developer.actor, { name: "Export, staging" });
  await createTestKey(developer.actor, { name: "Export, production", expiresAt: inDays(-2) });
  await sql(
    `insert into api_key_usage (key_id, team_id, last_used_at, last_used_ip, hour, calls)
    values ($1, $2, now() - interval '5 minutes', '192.0.2.7', date_trunc('hour', now(), 'UTC'), 1)`,
    [id, team.id],
  );
  await open(page, team.slug, developer);
  await ask(page, "export");
  await expect(answer(page)).toContainText("Choose a key");
  await answer(page).getByRole("link", { name: "Export, production" }).click();
  await expect(answer(page)).toContainText("Denied: the key has expired");
  await page.goBack();
  await ask(page, "Export, staging");
  await expect(answer(page)).toContainText("Latchkey allows this key");
  await expect(answer(page)).toContainText("from 192.0.2.7.");
});

test("a browser that can't hash says so and sends nothing", async ({ page, team, developer }) => {
  const { token } = await createTestKey(developer.actor);
  await page.addInitScript(() => Object.defineProperty(globalThis.crypto, "subtle", { value: undefined }));
  await open(page, team.slug, developer);
  await ask(page, token);
  await expect(page.getByRole("alert").filter({ hasText: "can't hash the token" })).toBeVisible();
});

test("why a key stopped is accessible, asked, answered and unknown", async ({ page, team, developer }) => {
  const { id } = await createTestKey(developer.actor, { name: "Export", allowedIps: ["10.0.0.0/8"] });
  await sql(
    `insert into api_key_refusals (id, key_id, at, request_id, code, door, ip)
    values (gen_random_uuid(), $1, now(), $2, 'ip_not_allowed', 'forward-auth', '203.0.113.9')`,
    [id, `req-${id}`],
  );
  await sql(
    `insert into api_key_hours (key_id, hour, code, calls, last_at, last_ip)
    values ($1, date_trunc('hour', now(), 'UTC'), 'ip_not_allowed', 3, now(), '203.0.113.9')`,
    [id],
  );
  await open(page, team.slug, developer);
  await expectAccessible(page);
  await ask(page, `req-${id}`);
  await expect(answer(page)).toContainText("The key allows only 10.0.0.0/8");
  await expectAccessible(page);
  await ask(page, "nothing-like-this");
  await expect(answer(page)).toContainText("Nothing found");
  await expectAccessible(page);
});
