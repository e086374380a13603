import { expectAccessible } from "./accessible";
import { at, BASE_URL, expect, signIn, test } from "./fixtures";

test("anybody on the team reads the API reference, which loads nothing from elsewhere", async ({
  page,
  join,
  team,
}) => {
  await signIn(page.context(), await join("Viewer"));
  const elsewhere: string[] = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(BASE_URL) && !/^(data|blob):/.test(request.url())) elsewhere.push(request.url());
  });
  await page.goto(`/${team.slug}/settings/quick-start/reference`);
  const { paths } = await (await page.request.get(at("/api/v1/openapi.json"))).json();
  for (const path of Object.keys(paths)) {
    await expect(page.locator(".opblock-summary-path").getByText(path, { exact: true }).first()).toBeVisible();
  }
  await page.getByRole("button", { name: "POST /api-keys Create a key" }).click();
  await expect(page.getByText("Makes retries safe for a day")).toBeVisible();
  await page.getByRole("tab", { name: "Schema" }).first().click();
  await expectAccessible(page);
  // Read-only: sending requests from here would be one more place to enter a token.
  await expect(page.getByRole("button", { name: /^(Try it out|Authorize|Execute)/ })).toHaveCount(0);
  expect(elsewhere).toEqual([]);
});
