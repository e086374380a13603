import { type BrowserContext, test as base, expect, type Locator, type Page } from "@playwright/test";
import type { Actor } from "@/lib/auth/actor";
import { pool } from "@/lib/database/db";
import { createTestMember, createTestTeam, createTestUser, type TestTeam, type TestUser } from "@/lib/testing/fixtures";

/** Where the console under test is; its database is in DATABASE_URL, for what no screen can do yet. */
export const BASE_URL = process.env.BASE_URL ?? "http://localhost:3000";

/** The console's address for requests that a browser would not send. */
export const at = (path: string) => new URL(path, BASE_URL).href;

export type Role = "Admin" | "Developer" | "Member" | "Viewer";
/** A member who can sign in. */
export type Person = { actor: Actor; name: string; email: string; password: string };

type Fixtures = {
  /** A team that no other test touches. */
  team: TestTeam;
  /** Adds a member to the team, or to another; the same person may join two. */
  join: (role: Role, options?: { team?: TestTeam; user?: TestUser }) => Promise<Person>;
  /** An Admin of the team, not signed in yet. */
  admin: Person;
  /** A Developer of the team, not signed in yet. */
  developer: Person;
  /** A page on which the developer is signed in and looks at their keys. */
  keysPage: Page;
  /** Fails the test when a page logs an error or breaks the content security policy. */
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

/** A refusal that a test provokes is also logged by the browser, as a resource that failed to load. */
function collectErrors(context: BrowserContext, errors: string[]): void {
  context.on("console", (message) => {
    const isError = message.type() === "error" || /content.security.policy/i.test(message.text());
    if (isError && !message.text().startsWith("Failed to load resource")) errors.push(message.text());
  });
  context.on("weberror", (error) => errors.push(String(error.error())));
}

/** Signs in as a script would, so that only the tests about signing in spend time on its form. */
export async function signIn(context: BrowserContext, { email, password }: Person): Promise<void> {
  const { csrfToken } = await (await context.request.get(at("/api/auth/csrf"))).json();
  const form = { email, password, csrfToken, json: "true" };
  const response = await context.request.post(at("/api/auth/callback/credentials"), { form });
  expect(response.status()).toBe(200);
}

/** Signs in by the form, as a person would. */
export async function signInByForm(page: Page, { email, password }: Pick<Person, "email" | "password">): Promise<void> {
  await page.getByLabel("E-mail").fill(email);
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

/** Creates a key through the dialog and returns the token that it shows; the token's dialog stays open. */
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

/** Closes the token's dialog the way of somebody who has not copied it. */
export async function closeToken(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Done" }).click();
  await page.getByRole("button", { name: "Close without copying" }).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
}

/** The row of the key with this name. */
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

/** Calls the API as a program with this token. */
export async function callApi(token: string, path: string, init: RequestInit = {}): Promise<ApiAnswer> {
  const headers = new Headers(init.headers);
  headers.set("authorization", `Bearer ${token}`);
  if (init.body) headers.set("content-type", "application/json");
  const response = await fetch(at(path), { ...init, headers });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

/** Changes what no screen can change yet: roles, memberships, the time of things. */
export async function sql<Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> {
  return (await pool.query(text, values)).rows as Row[];
}

/** A call of a server action, as the browser made it: its arguments can be changed and it can be sent by others. */
export type ActionCall = { url: string; id: string; args: unknown[] };

/** What a server action answered; `raw` is the whole answer. */
export type ActionAnswer = {
  status: number;
  raw: string;
  result: { ok: boolean; error?: { code: string; message: string } } | null;
};

/** Waits for the server action that `act` causes the page to call. */
export async function captureAction(page: Page, act: () => Promise<unknown>): Promise<ActionCall> {
  const sent = page.waitForRequest((request) => request.method() === "POST" && "next-action" in request.headers());
  const [request] = await Promise.all([sent, act()]);
  return {
    url: request.url(),
    id: request.headers()["next-action"] ?? "",
    args: JSON.parse(request.postData() ?? "[]"),
  };
}

/** Sends an action with the cookies of this context, past every button of the page. */
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

/** The team's audit entries about one kind of event, newest first. */
export function auditOf(team: TestTeam, action: string) {
  return sql<{ actor_id: string; target_label: string; details: Record<string, unknown> }>(
    "select actor_id, target_label, details from audit_entries where team_id = $1 and action = $2 order by at desc, id desc",
    [team.id, action],
  );
}

/** How many keys the team has, in any state. */
export async function countKeys(team: TestTeam): Promise<number> {
  const [row] = await sql<{ count: number }>("select count(*)::int from api_keys where team_id = $1", [team.id]);
  return row?.count ?? 0;
}

/** The cookies of this context as a header, for requests that no browser would send. */
export async function cookieHeader(context: BrowserContext): Promise<[string, string]> {
  return ["Cookie", (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join("; ")];
}
