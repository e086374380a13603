import { createTestKey, inDays } from "@/lib/testing/fixtures";
import { setTestPolicy } from "@/lib/testing/set-policy";
import {
  captureAction,
  chooseAction,
  closeToken,
  countKeys,
  createKey,
  expect,
  rowOf,
  sendAction,
  test,
  toast,
} from "./fixtures";

test("with ten active keys the dialog warns, the server refuses and says what to do; revoking one makes room", async ({
  keysPage: page,
  developer,
  team,
}) => {
  for (let number = 1; number <= 10; number++) await createTestKey(developer.actor, { name: `Key number ${number}` });
  await createTestKey(developer.actor, { name: "Revoked long ago", revokedAt: new Date() });
  await createTestKey(developer.actor, { name: "Expired long ago", expiresAt: inDays(-5) });
  await page.reload();
  await expect(page.getByText("10 of 10 active")).toBeVisible();

  await page.getByRole("button", { name: "Create API key" }).click();
  const dialog = page.getByRole("dialog", { name: "Create API key" });
  await expect(dialog.getByText(/You've reached your limit of 10 active keys\. Revoke one, or/)).toBeVisible();
  await dialog.getByLabel("Name").fill("One too many");
  await dialog.getByRole("button", { name: "Read only" }).click();
  await dialog.getByRole("button", { name: "Create API key" }).click();
  await expect(
    dialog.getByRole("alert").filter({ hasText: /limit of 10 active keys\. Revoke one and try again\./ }),
  ).toBeVisible();
  await expect(dialog.getByLabel("Name")).toHaveValue("One too many");
  expect(await countKeys(team)).toBe(12);
  await dialog.getByRole("button", { name: "Cancel" }).click();

  await chooseAction(page, "Key number 3", "Revoke");
  await page.getByRole("button", { name: "Revoke key" }).click();
  await expect(toast(page, "Revoked Key number 3")).toBeVisible();
  await expect(page.getByText("9 of 10 active")).toBeVisible();
  await createKey(page, { name: "Just fits" });
  await closeToken(page);
  await expect(rowOf(page, "Just fits")).toBeVisible();
});

test("under a lowered maximum the dialog says how many there are and how many may be", async ({
  keysPage: page,
  developer,
  team,
}) => {
  for (let number = 1; number <= 4; number++) await createTestKey(developer.actor);
  await setTestPolicy(team.id, { maxActiveKeys: 3 });
  await page.reload();
  await page.getByRole("button", { name: "Create API key" }).click();
  await expect(
    page.getByText("You have 4 active keys, and your limit is 3. Revoke 2, or ask an admin to raise it."),
  ).toBeVisible();
});

test("fifty creations sent at once leave exactly ten active keys", async ({ keysPage: page, context, team }) => {
  const call = await captureAction(page, () => createKey(page, { name: "First" }));
  const answers = await Promise.all(Array.from({ length: 49 }, () => sendAction(context, call)));
  expect(answers.filter(({ result }) => result?.ok)).toHaveLength(9);
  expect(answers.filter(({ result }) => result?.error?.code === "limit_reached")).toHaveLength(40);
  expect(await countKeys(team)).toBe(10);
});
