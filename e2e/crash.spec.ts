import { createHash, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "@playwright/test";
import pg from "pg";
import { findEmbeddedPostgres } from "@/scripts/embedded-postgres";
import { launchConsole } from "@/scripts/launched-console";
import { type ActionCall, captureAction, createKey, expect, signInByForm, test } from "./fixtures";

const ADMIN = { email: "admin@example.com", password: "correct horse battery" };
const MEMBERS = 12;
const KEYS_EACH = 10;
const ANSWERS_BEFORE_THE_CRASH = 25;

/** Adds members with the admin's password, to allow more keys than one member may have. */
async function addMembers(database: pg.Client): Promise<string[]> {
  const { rows } = await database.query<{ email: string }>(
    `with added as (
       insert into users (id, email, name, password_hash)
       select gen_random_uuid(), 'member' || n || '@example.com', 'Member ' || n, password_hash
       from users, generate_series(1, $1) n returning id, email
     ), joined as (
       insert into members (id, team_id, user_id, role_id)
       select gen_random_uuid(), roles.team_id, added.id, roles.id from added, roles where roles.name = 'Developer'
     )
     select email from added`,
    [MEMBERS],
  );
  return rows.map(({ email }) => email);
}

async function signInTo(browser: Browser, url: string, email: string): Promise<BrowserContext> {
  const context = await browser.newContext();
  const { csrfToken } = await (await context.request.get(`${url}/api/auth/csrf`)).json();
  const form = { email, password: ADMIN.password, csrfToken, json: "true" };
  await context.request.post(`${url}/api/auth/callback/credentials`, { form });
  return context;
}

async function captureCreation(page: Page, url: string): Promise<ActionCall> {
  await page.goto(url);
  await signInByForm(page, ADMIN);
  return captureAction(page, () => createKey(page, { name: "Made by the admin" }));
}

/** Creates a key without the page and returns its token; null if the console stopped before it responded. */
async function create(cookie: string, call: ActionCall): Promise<string | null> {
  const headers = {
    cookie,
    "next-action": call.id,
    accept: "text/x-component",
    "content-type": "text/plain",
    origin: new URL(call.url).origin,
  };
  const answer = await fetch(call.url, { method: "POST", headers, body: JSON.stringify(call.args) })
    .then((response) => response.text())
    .catch(() => "");
  return /lk_pat_[0-9a-f]{72}/.exec(answer)?.[0] ?? null;
}

test("after a kill in the middle of creations every answered key is there, and every key has its audit entry", async ({
  page,
  browser,
}) => {
  test.setTimeout(120_000);
  const dataDir = join(tmpdir(), `latchkey-crash-${randomUUID()}`);
  const env = { DATA_DIR: dataDir, LOG_LEVEL: "silent", ADMIN_EMAIL: ADMIN.email, ADMIN_PASSWORD: ADMIN.password };
  let running = await launchConsole({ env });
  try {
    await running.ready();
    let database = new pg.Client({ connectionString: (await findEmbeddedPostgres(dataDir))?.owner });
    await database.connect();
    database.on("error", () => {});
    const emails = await addMembers(database);
    const call = await captureCreation(page, running.url);
    const contexts = await Promise.all(emails.map((email) => signInTo(browser, running.url, email)));
    const cookies = await Promise.all(
      contexts.map(async (context) =>
        (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join("; "),
      ),
    );

    const tokens: string[] = [];
    let crash: () => void = () => {};
    const crashed = new Promise<void>((resolve) => {
      crash = resolve;
    });
    const creations = cookies.flatMap((cookie) =>
      Array.from({ length: KEYS_EACH }, async () => {
        const token = await create(cookie, call);
        if (token) tokens.push(token);
        if (tokens.length === ANSWERS_BEFORE_THE_CRASH) crash();
      }),
    );
    await crashed;
    const postmaster = Number(readFileSync(join(dataDir, "postgres", "postmaster.pid"), "utf8").split("\n")[0]);
    running.signal("SIGKILL", "group");
    process.kill(postmaster, "SIGKILL");
    await Promise.all(creations);
    expect(tokens.length).toBeLessThan(MEMBERS * KEYS_EACH);

    running = await launchConsole({ env });
    await running.ready();
    database = new pg.Client({ connectionString: (await findEmbeddedPostgres(dataDir))?.owner });
    await database.connect();
    const { rows: keys } = await database.query<{ id: string; hash: string }>(
      "select id, encode(token_hash, 'hex') as hash from api_keys",
    );
    const { rows: entries } = await database.query<{ target_id: string }>(
      "select target_id from audit_entries where action = 'api_key.created'",
    );
    await database.end();
    const hashes = new Set(keys.map(({ hash }) => hash));
    expect(tokens.filter((token) => !hashes.has(createHash("sha256").update(token).digest("hex")))).toEqual([]);
    expect(entries.map((entry) => entry.target_id).sort()).toEqual(keys.map((key) => key.id).sort());
    for (const token of tokens) {
      const response = await fetch(`${running.url}/api/v1/me`, { headers: { authorization: `Bearer ${token}` } });
      expect(response.status).toBe(200);
    }
    running.signal("SIGTERM");
    expect(await running.exited).toBe(0);
  } finally {
    if ((await Promise.race([running.exited, Promise.resolve("running")])) === "running")
      running.signal("SIGKILL", "group");
    await rm(dataDir, { recursive: true, force: true, maxRetries: 20 });
  }
});
