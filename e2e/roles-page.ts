import type { Page } from "@playwright/test";
import type { TestTeam } from "@/lib/testing/fixtures";
import { expect, toast } from "./fixtures";

export const rolesPath = (team: TestTeam) => `/${team.slug}/settings/roles`;

export async function openRole(page: Page, team: TestTeam, name: string): Promise<void> {
  await page.goto(rolesPath(team));
  await page.getByRole("link", { name, exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
}

export async function chooseRoleAction(page: Page, name: string, action: string): Promise<void> {
  await page.getByRole("button", { name: `Actions for ${name}` }).click();
  await page.getByRole("menuitem", { name: action }).click();
}

/** The checkbox of a permission on a role's page. */
export const box = (page: Page, permission: string) => page.getByRole("checkbox", { name: permission });

/** Saves, and confirms if permissions are removed. */
export async function save(page: Page, { takesAway = false } = {}): Promise<void> {
  await page.getByRole("button", { name: "Save changes" }).click();
  if (takesAway) await page.getByRole("dialog").getByRole("button", { name: "Save changes" }).click();
  await expect(toast(page, "Role saved").last()).toBeVisible();
  await expect(page.getByText("No changes yet.")).toBeVisible();
}
