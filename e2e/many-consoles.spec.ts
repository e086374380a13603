import type { BrowserContext } from "@playwright/test";
import { startPgBouncer } from "@/lib/testing/pgbouncer";
import { createScratchDatabase } from "@/lib/testing/scratch-database";
import { type LaunchedConsole, launchConsole } from "@/scripts/launched-console";
import { chooseAction, closeToken, createKey, expect, signInByForm, test, toast } from "./fixtures";

const ADMIN = { email: "admin@example.com", password: "correct horse battery" };
const ENV = {
  AUTH_SECRET: "the-same-secret-on-every-console-x",
  LOG_LEVEL: "warn",
  ADMIN_EMAIL: ADMIN.email,
  ADMIN_PASSWORD: ADMIN.password,
};

async function statuses(urls: string[], token: string): Promise<number[]> {
  const headers = { authorization: `Bearer ${token}` };
  return Promise.all(urls.map(async (url) => (await fetch(`${url}/api/v1/me`, { headers })).status));
}

/** Loads pages and fails sign-ins concurrently, to use all shared connections. */
async function crowd(context: BrowserContext, consoles: LaunchedConsole[], page: string): Promise<number[]> {
  const visits = consoles.flatMap(({ url }) =>
    Array.from({ length: 15 }, () => context.request.get(new URL(page, url).href)),
  );
  const signIns = consoles.flatMap(({ url }) =>
    Array.from({ length: 5 }, async (_, place) => {
      const { csrfToken } = await (await context.request.get(`${url}/api/auth/csrf`)).json();
      const form = { email: `nobody${place}@example.com`, password: "not the right one", csrfToken, json: "true" };
      return context.request.post(`${url}/api/auth/callback/credentials`, { form });
    }),
  );
  return (await Promise.all([...visits, ...signIns])).map((response) => response.status());
}

test("two consoles over PgBouncer in transaction mode are one: what one does holds on the other at once", async ({
  page,
  context,
}) => {
  test.setTimeout(120_000);
  const database = await createScratchDatabase({ isMigrated: false });
  const pgBouncer = await startPgBouncer(database.url);
  const consoles: LaunchedConsole[] = [];
  try {
    for (let count = 0; count < 2; count++) {
      const console = await launchConsole({
        env: { ...ENV, DATABASE_URL: pgBouncer.url, MIGRATE_DATABASE_URL: database.ownerUrl },
      });
      consoles.push(console);
      await console.ready();
    }
    const [here, there] = consoles as [LaunchedConsole, LaunchedConsole];
    const instances = consoles.flatMap(({ url, verifierUrl }) => [url, verifierUrl]);

    await page.goto(here.url);
    await signInByForm(page, ADMIN);
    const token = await createKey(page, { name: "Made here" });
    expect(await statuses(instances, token)).toEqual([200, 200, 200, 200]);
    await closeToken(page);

    const { pathname } = new URL(page.url());
    expect(new Set(await crowd(context, consoles, pathname))).toEqual(new Set([200, 401]));

    await page.goto(new URL(pathname, there.url).href);
    await chooseAction(page, "Made here", "Revoke");
    await page.getByRole("button", { name: "Revoke key" }).click();
    await expect(toast(page, "Revoked Made here")).toBeVisible();
    expect(await statuses(instances, token)).toEqual([401, 401, 401, 401]);

    for (const console of consoles) {
      console.signal("SIGTERM");
      expect(await console.exited).toBe(0);
      expect(console.output()).not.toMatch(/"level":"(?:warn|error)"|prepared statement/);
    }
  } finally {
    for (const console of consoles) {
      if ((await Promise.race([console.exited, "running"])) === "running") console.signal("SIGKILL", "group");
    }
    await pgBouncer.stop();
    await database.drop();
  }
});
