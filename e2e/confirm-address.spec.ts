import pg from "pg";
import { startMailbox } from "@/lib/testing/mailbox";
import { createScratchDatabase } from "@/lib/testing/scratch-database";
import { launchConsole } from "@/scripts/launched-console";
import { expectAccessible } from "./accessible";
import { expect, signInByForm, test } from "./fixtures";

const ADMIN = { email: "admin@example.com", password: "correct horse battery" };

test("the link in the mail confirms an address: after a sign-in, by its button, once", async ({ page, browser }) => {
  const [database, mailbox] = [await createScratchDatabase({ isMigrated: false }), await startMailbox()];
  const console = await launchConsole({
    env: {
      AUTH_SECRET: "a-secret-of-the-console-of-this-test",
      LOG_LEVEL: "warn",
      DATABASE_URL: database.url,
      MIGRATE_DATABASE_URL: database.ownerUrl,
      SMTP_URL: mailbox.url,
      MAIL_FROM: "keys@example.com",
      ADMIN_EMAIL: ADMIN.email,
      ADMIN_PASSWORD: ADMIN.password,
      ADMIN_TEAM: "Acme",
    },
  });
  const client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
  const confirmed = async () => (await client.query("select confirmed_email from users")).rows[0]?.confirmed_email;
  const context = await browser.newContext();
  try {
    await console.ready();
    await client.query("update users set confirmed_email = null");
    await page.goto(`${console.url}/account`);
    await signInByForm(page, ADMIN);
    await page.getByRole("button", { name: "Email me a confirmation link" }).click();
    await expect(page.getByRole("status").filter({ hasText: `We emailed a link to ${ADMIN.email}.` })).toBeVisible();
    const link = /http:\S+\/account\/confirm-address\?code=[\w-]{43}/.exec(mailbox.lastTo(ADMIN.email))?.[0] ?? "";

    // Opened on another device without a session.
    const elsewhere = await context.newPage();
    await elsewhere.goto(link);
    await signInByForm(elsewhere, ADMIN);
    await expect(elsewhere).toHaveURL(link);
    await expectAccessible(elsewhere);
    expect(await confirmed()).toBeNull();
    await elsewhere.getByRole("button", { name: `Confirm ${ADMIN.email}` }).click();
    await expect(elsewhere.getByRole("status").filter({ hasText: `${ADMIN.email} is confirmed.` })).toBeVisible();
    expect(await confirmed()).toBe(ADMIN.email);
    await elsewhere.getByRole("link", { name: "Go to your account" }).click();
    await expect(elsewhere.getByRole("heading", { name: "Account", exact: true })).toBeVisible();
    await expect(elsewhere.getByText("Unconfirmed")).toHaveCount(0);

    await page.goto(link);
    await page.getByRole("button", { name: `Confirm ${ADMIN.email}` }).click();
    await expect(page.getByRole("alert").filter({ hasText: "This link has expired, been used" })).toBeVisible();
    await page.goto(link.replace(/\?.*/, ""));
    await expect(page.getByText("This link isn’t complete.")).toBeVisible();
    console.signal("SIGTERM");
    expect(await console.exited).toBe(0);
  } finally {
    if ((await Promise.race([console.exited, "running"])) === "running") console.signal("SIGKILL", "group");
    await context.close();
    await client.end();
    await mailbox.close();
    await database.drop();
  }
});
