import { expectAccessible } from "./accessible";
import { expect, signIn, test } from "./fixtures";
import { box, openRole, save } from "./roles-page";

test("a role with ticks that aren't saved is left only after a question", async ({ page, team, join }) => {
  await signIn(page.context(), await join("Admin"));
  await openRole(page, team, "Viewer");
  await box(page, "events.write").check();
  const members = page.getByRole("link", { name: "Members", exact: true }).first();
  await members.click();
  const dialog = page.getByRole("dialog", { name: "Leave without saving?" });
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Stay" }).click();
  await expect(box(page, "events.write")).toBeChecked();
  await expect(page).toHaveURL(/\/settings\/roles\/[\w-]+$/);
  await members.click();
  await dialog.getByRole("button", { name: "Leave" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Members" })).toBeVisible();

  await openRole(page, team, "Viewer");
  await box(page, "events.write").check();
  await page.getByRole("button", { name: "Discard" }).click();
  await members.click();
  await expect(page.getByRole("heading", { level: 1, name: "Members" })).toBeVisible();

  await openRole(page, team, "Viewer");
  await box(page, "events.write").check();
  const asked = page.waitForEvent("dialog");
  const reloaded = page.reload();
  await (await asked).accept();
  await reloaded;
  await expect(box(page, "events.write")).not.toBeChecked();
});

test("when somebody else changes the role meanwhile nothing ticked is lost, and nothing of theirs overwritten", async ({
  page,
  context,
  team,
  join,
}) => {
  await signIn(context, await join("Admin"));
  await openRole(page, team, "Viewer");
  const other = await context.newPage();
  await openRole(other, team, "Viewer");
  await box(other, "reports.write").check();
  await save(other);

  // A background page isn't rendered.
  await page.bringToFront();
  await box(page, "events.write").check();
  await page.getByRole("button", { name: "Save changes" }).click();
  const notice = page.getByRole("alert").filter({ hasText: "Someone else changed this role" });
  await expect(notice).toContainText("They added reports.write.");
  await expect(box(page, "events.write")).toBeChecked();
  await expect(box(page, "reports.write")).not.toBeChecked();
  await expectAccessible(page);

  await notice.getByRole("button", { name: "Keep my changes" }).click();
  await box(page, "reports.write").check();
  await save(page);
  await other.reload();
  await expect(box(other, "events.write")).toBeChecked();
  await expect(box(other, "reports.write")).toBeChecked();
});
