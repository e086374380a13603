import { type BrowserContext, test as base, expect, type Locator, type Page } from "@playwright/test";
import type { Actor } from "@/lib/auth/actor";
import { pool } from "@/lib/database/db";
import { createTestMember, createTestTeam, createTestUser, type TestTeam, type TestUser } from "@/lib/testing/fixtures";

/** The console under test; its database is in DATABASE_URL, for changes without a screen. */
export const BASE_URL = process.env.BASE_URL ?? "http://localhost:3000";

/** A URL of the console, for requests that a browser wouldn't send. */
export const at = (path: string) => new URL(path, BASE_URL).href;

export type Role = "Admin" | "Developer" | "Member" | "Viewer";
/** A member who can sign in. */
export type Person = { actor: Actor; name: string; email: string; password: string };

type Fixtures = {
  /** A team that no other test uses. */
  team: TestTeam;
  /** Adds a member to this team or another one; the same user can join both. */
  join: (role: Role, options?: { team?: TestTeam; user?: TestUser }) => Promise<Person>;
  /** An Admin of the team, not signed in yet. */
  admin: Person;
  /** A Developer of the team, not signed in yet. */
  developer: Person;
  /** The list of keys of the signed-in developer. */
  keysPage: Page;
  /** Fails the test if a page logs an error or violates the content security policy. */
  noErrors: undefined;
};

export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads a fixture's needs from this pattern.
  team: async ({}, use) => use(await createTestTeam()),
  join: async ({ team }, use) => use((role, options) => addMember(options?.team ?? team, role, options?.user)),
  admin: async ({ join }, use) => use(await join("Admin")),
  developer: async ({ join }, use) => use(await join("Developer")),
  keysPage: async ({ page, team, developer }, use) => {
    await signIn(page.context(), developer);
    await page.goto(`/${team.slug}/settings/api-keys`);
    await use(page);
  },
  noErrors: [
    async ({ context }, use) => {
      const errors: string[] = [];
      collectErrors(context, errors);
      await use(undefined);
      expect(errors).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

const PASSWORD = "plenty of words to type";

async function addMember(team: TestTeam, role: Role, known?: TestUser): Promise<Person> {
  const user = known ?? (await createTestUser(PASSWORD));
  const actor = await createTestMember(team, { role }, user);
  return { actor, name: user.name, email: user.email, password: PASSWORD };
}

/** Browsers also log expected error responses as resources that failed to load. */
function collectErrors(context: BrowserContext, errors: string[]): void {
  context.on("console", (message) => {
    const isError = message.type() === "error" || /content.security.policy/i.test(message.text());
    if (isError && !message.text().startsWith("Failed to load resource")) errors.push(message.text());
  });
  context.on("weberror", (error) => errors.push(String(error.error())));
}

/** Signs in over HTTP, so that only tests about sign-in use its form. */
export async function signIn(context: BrowserContext, { email, password }: Person): Promise<void> {
  const { csrfToken } = await (await context.request.get(at("/api/auth/csrf"))).json();
  const form = { email, password, csrfToken, json: "true" };
  const response = await context.request.post(at("/api/auth/callback/credentials"), { form });
  expect(response.status()).toBe(200);
}

/** Signs in with the form. */
export async function signInByForm(page: Page, { email, password }: Pick<Person, "email" | "password">): Promise<void> {
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

export const TOKEN = /lk_(pat|key)_[0-9a-f]{72}/;

type NewKey = {
  kind?: "personal" | "team";
  name?: string;
  preset?: "Full access" | "Read only";
  scopes?: string[];
  expires?: string;
};

/** Creates a key in the dialog and returns its token; the token's dialog stays open. */
export async function createKey(page: Page, input: NewKey = {}): Promise<string> {
  const { kind, name, preset, scopes, expires } = input;
  const create = kind === "team" ? "Create team key" : "Create API key";
  await page.getByRole("button", { name: create }).click();
  const dialog = page.getByRole("dialog", { name: create });
  if (name) await dialog.getByLabel("Name").fill(name);
  if (preset || !scopes) await dialog.getByRole("button", { name: preset ?? "Read only" }).click();
  for (const scope of scopes ?? []) await dialog.getByRole("checkbox", { name: scope }).check();
  if (expires) await dialog.getByLabel("Expires").selectOption({ label: expires });
  await dialog.getByRole("button", { name: create }).click();
  const field = page.getByRole("textbox", { name: "Token" });
  await expect(field).toHaveValue(TOKEN);
  return field.inputValue();
}

/** Closes the token's dialog without copying the token. */
export async function closeToken(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Done" }).click();
  await page.getByRole("button", { name: "Close without copying" }).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
}

export function rowOf(page: Page, name: string): Locator {
  return page.getByRole("row").filter({ has: page.getByText(name, { exact: true }) });
}

/** Chooses from the menu of a key's row. */
export async function chooseAction(page: Page, name: string, action: string): Promise<void> {
  await page.getByRole("button", { name: `Actions for ${name}` }).click();
  await page.getByRole("menuitem", { name: action }).click();
}

/** The confirmation at the bottom right. */
export function toast(page: Page, text: string): Locator {
  return page
    .getByRole("region", { name: /Notifications/ })
    .getByRole("listitem")
    .filter({ hasText: text });
}

export type ApiAnswer = {
  status: number;
  headers: Headers;
  body: { success: boolean; code?: string; detail?: string; data?: never };
};

/** Calls the API with this token. */
export async function callApi(token: string, path: string, init: RequestInit = {}): Promise<ApiAnswer> {
  const headers = new Headers(init.headers);
  headers.set("authorization", `Bearer ${token}`);
  if (init.body) headers.set("content-type", "application/json");
  const response = await fetch(at(path), { ...init, headers });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

/** For changes without a screen: roles, memberships, timestamps. */
export async function sql<Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> {
  return (await pool.query(text, values)).rows as Row[];
}

/** A server action's call as sent by the browser, which tests can change and resend. */
export type ActionCall = { url: string; id: string; args: unknown[] };

/** A server action's result; `raw` is the whole response. */
export type ActionAnswer = {
  status: number;
  raw: string;
  result: { ok: boolean; error?: { code: string; message: string } } | null;
};

/** Waits for the server action that `act` triggers. */
export async function captureAction(page: Page, act: () => Promise<unknown>): Promise<ActionCall> {
  const sent = page.waitForRequest((request) => request.method() === "POST" && "next-action" in request.headers());
  const [request] = await Promise.all([sent, act()]);
  return {
    url: request.url(),
    id: request.headers()["next-action"] ?? "",
    args: JSON.parse(request.postData() ?? "[]"),
  };
}

/** Sends an action with this context's cookies, bypassing the page. */
export async function sendAction(context: BrowserContext, { url, id, args }: ActionCall): Promise<ActionAnswer> {
  const response = await context.request.post(url, {
    headers: {
      accept: "text/x-component",
      "next-action": id,
      "content-type": "text/plain;charset=UTF-8",
      origin: BASE_URL,
    },
    data: JSON.stringify(args),
  });
  const raw = await response.text();
  const answer = /^1:(\{"ok".*)$/m.exec(raw)?.[1];
  return { status: response.status(), raw, result: answer ? JSON.parse(answer) : null };
}

/** The team's audit entries with one action, newest first. */
export function auditOf(team: TestTeam, action: string) {
  return sql<{ actor_id: string; target_label: string; details: Record<string, unknown> }>(
    "select actor_id, target_label, details from audit_entries where team_id = $1 and action = $2 order by at desc, id desc",
    [team.id, action],
  );
}

/** The number of the team's keys, in any state. */
export async function countKeys(team: TestTeam): Promise<number> {
  const [row] = await sql<{ count: number }>("select count(*)::int from api_keys where team_id = $1", [team.id]);
  return row?.count ?? 0;
}

/** This context's cookies as a header, for requests that a browser wouldn't send. */
export async function cookieHeader(context: BrowserContext): Promise<[string, string]> {
  return ["Cookie", (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join("; ")];
}
