import { createTestKey } from "@/lib/testing/fixtures";
import { expect, rowOf, test } from "./fixtures";

test("Back takes off a filter, a sort and a search, one at a time, and the inputs follow", async ({
  keysPage: page,
  developer,
}) => {
  await page.setViewportSize({ width: 1440, height: 900 });
  await createTestKey(developer.actor, { name: "Late import" });
  await createTestKey(developer.actor, { name: "Late export", revokedAt: new Date() });
  await createTestKey(developer.actor, { name: "Other", revokedAt: new Date() });
  await page.reload();
  const status = page.getByLabel("Status");
  const search = page.getByRole("searchbox");
  const query = (expected: string) => expect(page).toHaveURL((url) => url.search === expected);

  await status.selectOption({ label: "Revoked" });
  await query("?status=revoked");
  await page.getByRole("link", { name: "Name", exact: true }).click();
  await query("?status=revoked&sort=name");
  // Two pauses in one search are two requests and one history entry.
  await search.fill("la");
  await expect(page).toHaveURL(/q=la&/);
  await search.fill("late");
  await query("?q=late&status=revoked&sort=name");
  await expect(page.getByRole("row")).toHaveCount(2);

  await page.goBack();
  await query("?status=revoked&sort=name");
  await expect(search).toHaveValue("");
  await expect(rowOf(page, "Other")).toBeVisible();
  await page.goBack();
  await query("?status=revoked");
  await expect(status).toHaveValue("revoked");
  await page.goBack();
  await query("");
  await expect(status).toHaveValue("");
  await expect(rowOf(page, "Late import")).toBeVisible();

  for (let step = 0; step < 3; step++) await page.goForward();
  await query("?q=late&status=revoked&sort=name");
  await expect(search).toHaveValue("late");
  await expect(status).toHaveValue("revoked");
  await expect(rowOf(page, "Late export")).toBeVisible();
  await expect(page.getByRole("row")).toHaveCount(2);
});

test("a search after Back, and one after leaving the box, are steps of their own", async ({
  keysPage: page,
  developer,
}) => {
  await createTestKey(developer.actor, { name: "Alpha" });
  await createTestKey(developer.actor, { name: "Beta" });
  await page.reload();
  const search = page.getByRole("searchbox");
  const query = (expected: string) => expect(page).toHaveURL((url) => url.search === expected);
  await search.fill("alpha");
  await query("?q=alpha");
  await search.blur();
  await search.fill("beta");
  await query("?q=beta");
  await page.goBack();
  await query("?q=alpha");
  await expect(search).toHaveValue("alpha");
  await search.fill("alp");
  await query("?q=alp");
  await page.goBack();
  await query("?q=alpha");
});
