import { expectAccessible } from "./accessible";
import { expect, signIn, test } from "./fixtures";
import { box, chooseRoleAction, rolesPath } from "./roles-page";

test("a role that members hold isn't deleted, and Admin stays as it is; both say why", async ({ page, team, join }) => {
  await signIn(page.context(), await join("Admin"));
  await join("Viewer");
  await page.goto(rolesPath(team));
  const dialog = page.getByRole("dialog");
  await page.getByRole("button", { name: "Actions for Viewer" }).click();
  await expect(page.getByText("Can't be deleted: 1 member has this role.")).toBeVisible();
  await expect(page.getByRole("menuitem", { name: "Delete" })).toBeDisabled();
  await expectAccessible(page);
  await page.keyboard.press("Escape");

  // The role is assigned after the list was read.
  await chooseRoleAction(page, "Member", "Delete");
  await expect(page.getByRole("dialog", { name: "Delete the role “Member”?" })).toBeVisible();
  await join("Member");
  await dialog.getByRole("button", { name: "Delete role" }).click();
  await expect(dialog.getByRole("alert").filter({ hasText: "1 member has this role." })).toBeVisible();
  await dialog.getByRole("button", { name: "Cancel" }).click();

  for (const action of ["Rename", "Delete"]) {
    await chooseRoleAction(page, "Admin", action);
    await expect(dialog.getByText("It can't be changed, renamed or deleted.")).toBeVisible();
    await dialog.getByRole("button", { name: "Close" }).last().click();
    await expect(page.getByRole("button", { name: "Actions for Admin" })).toBeFocused();
  }
  await page.getByRole("link", { name: "Admin", exact: true }).click();
  await expect(page.getByText("It can't be changed, renamed or deleted.")).toBeVisible();
  await expect(box(page, "events.write")).toBeDisabled();
  await expect(page.getByRole("button", { name: "Save changes" })).toHaveCount(0);
});
