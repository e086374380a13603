import pg from "pg";
import { startMailbox } from "@/lib/testing/mailbox";
import { createScratchDatabase } from "@/lib/testing/scratch-database";
import { type LaunchedConsole, launchConsole } from "@/scripts/launched-console";

export const ADMIN = { email: "admin@example.com", password: "correct horse battery" };

/** A console with debug logs and its own database, mail server and admin. */
export async function startOwnConsole() {
  const [database, mailbox] = [await createScratchDatabase({ isMigrated: false }), await startMailbox()];
  const console = await launchConsole({
    env: {
      AUTH_SECRET: "a-secret-of-the-console-of-this-test",
      LOG_LEVEL: "debug",
      DATABASE_URL: database.url,
      MIGRATE_DATABASE_URL: database.ownerUrl,
      SMTP_URL: mailbox.url,
      MAIL_FROM: "keys@example.com",
      ADMIN_EMAIL: ADMIN.email,
      ADMIN_PASSWORD: ADMIN.password,
      ADMIN_TEAM: "Acme",
      TRUSTED_PROXIES: "127.0.0.0/8,::1",
    },
  });
  const client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
  return {
    console,
    client,
    mailbox,
    async stop() {
      if ((await Promise.race([console.exited, "running"])) === "running") console.signal("SIGKILL", "group");
      await client.end();
      await mailbox.close();
      await database.drop();
    },
  };
}

/**
 * Returns the new session's cookies. With an earlier session's cookies the browser is known, and so isn't affected by
 * other failed sign-ins.
 */
export async function signIn({ url }: LaunchedConsole, userAgent: string, earlier = ""): Promise<string> {
  const cookieOf = (response: Response) => response.headers.getSetCookie().map((line) => line.split(";")[0] ?? "");
  const csrf = await fetch(`${url}/api/auth/csrf`);
  const { csrfToken } = (await csrf.json()) as { csrfToken: string };
  const known = /latchkey\.browser=[^;]*/.exec(earlier)?.[0] ?? "";
  const signedIn = await fetch(`${url}/api/auth/callback/credentials`, {
    method: "POST",
    headers: { cookie: [...cookieOf(csrf), known].join("; "), "user-agent": userAgent, origin: url },
    body: new URLSearchParams({ ...ADMIN, csrfToken, json: "true" }),
    redirect: "manual",
  });
  return [...cookieOf(csrf), ...cookieOf(signedIn)].join("; ");
}

/** Rows of the only team, and random IDs where the action would end something too early. */
export type Ids = { team: string; key: string; role: string; member: string; invitation: string; session: string };

export async function idsFor(client: pg.Client, key: string): Promise<Ids> {
  const { rows } = await client.query<Ids>(
    `select teams.slug as team, $1 as key, roles.id as role, members.id as member, gen_random_uuid() as invitation,
       gen_random_uuid() as session
     from teams, members, roles where roles.team_id = teams.id and roles.name = 'Developer'`,
    [key],
  );
  return rows[0] as Ids;
}
