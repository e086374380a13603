import type { Page } from "@playwright/test";
import { test as base, signIn } from "./fixtures";

/** The audit log of a signed-in Admin. */
export const test = base.extend<{ logPage: Page }>({
  logPage: async ({ page, team, admin }, use) => {
    await signIn(page.context(), admin);
    await page.goto(`/${team.slug}/settings/audit-log`);
    await use(page);
  },
});

/** The displayed entries, as their cells' texts: when, who, what, which, from. */
export const entries = (page: Page) =>
  page
    .getByRole("row")
    .evaluateAll((rows) => rows.slice(1).map((row) => [...row.children].map((cell) => cell.textContent?.trim() ?? "")));

/** Entries of one kind, in the order and with the columns of {@link entries}. */
export async function entriesAbout(page: Page, what: string): Promise<string[][]> {
  return (await entries(page)).filter((cells) => cells[2]?.startsWith(what));
}
