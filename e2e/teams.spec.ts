import type { BrowserContext } from "@playwright/test";
import { createTestKey, createTestTeam } from "@/lib/testing/fixtures";
import { at, captureAction, chooseAction, expect, rowOf, sendAction, signIn, test } from "./fixtures";

/** The same page as requested by browsers and by Next's router. */
const VARIANTS: { name: string; headers: Record<string, string>; suffix?: string }[] = [
  { name: "document", headers: {} },
  { name: "RSC", headers: { RSC: "1" } },
  { name: "prefetch", headers: { RSC: "1", "Next-Router-Prefetch": "1" } },
  {
    name: "segment prefetch",
    headers: { RSC: "1", "Next-Router-Prefetch": "1", "Next-Router-Segment-Prefetch": "/_tree" },
  },
  { name: ".rsc", headers: {}, suffix: ".rsc" },
  { name: ".txt", headers: {}, suffix: ".txt" },
];

/** All variants of the page for this context, as one text. */
async function everythingAbout(context: BrowserContext, path: string): Promise<string> {
  const answers = VARIANTS.map(async ({ headers, suffix = "" }) =>
    (await context.request.get(at(path + suffix), { headers })).text(),
  );
  const data = context.request.get(at(`/_next/data/build${path}.json`)).then((response) => response.text());
  return (await Promise.all([...answers, data])).join("\n");
}

/** Removes what differs between any two responses: the nonce, rendering IDs, the requested URL. */
function withoutIncidentals(body: string, slug: string): string {
  return body
    .replaceAll(slug, "SLUG")
    .replace(/nonce(=|\\?":\\?)"?[^"\\]+/g, "nonce")
    .replace(/"[\w-]{21}(?:[a-z]|\\?")/g, "id");
}

test("another team's address answers exactly like that of a team that does not exist", async ({ page, developer }) => {
  await signIn(page.context(), developer);
  const other = await createTestTeam();
  const nowhere = other.slug.replace(/.$/, (last) => (last === "0" ? "1" : "0"));
  for (const path of ["", "/settings/api-keys", "/settings/audit-log", "/settings/nothing"]) {
    for (const { headers } of VARIANTS) {
      const [theirs, none] = await Promise.all(
        [other.slug, nowhere].map(async (slug) => {
          const response = await page.context().request.get(at(`/${slug}${path}`), { headers });
          return { status: response.status(), body: withoutIncidentals(await response.text(), slug) };
        }),
      );
      expect(theirs).toEqual(none);
      if (!headers.RSC) expect(theirs?.status).toBe(404);
    }
  }
  await page.goto(`/${other.slug}/settings/api-keys`);
  await expect(page.getByRole("heading", { name: "Page not found" })).toBeVisible();
});

test("nobody but its member gets a key's name out of the page, in whatever form it is asked for", async ({
  browser,
  page,
  team,
  join,
  developer,
}) => {
  const name = "Payroll export nobody else may see";
  await createTestKey(developer.actor, { name });
  const path = `/${team.slug}/settings/api-keys`;
  await signIn(page.context(), developer);
  expect(await everythingAbout(page.context(), path)).toContain(name);

  const others = [
    null,
    await join("Viewer"),
    await join("Admin"),
    await join("Developer", { team: await createTestTeam() }),
  ];
  for (const other of others) {
    const context = await browser.newContext();
    if (other) await signIn(context, other);
    expect(await everythingAbout(context, path)).not.toContain(name);
    expect(await everythingAbout(context, `${path}?q=Payroll`)).not.toContain("nobody else");
    await context.close();
  }
});

test("a member's page never lists another member's keys, and none of its actions reaches them", async ({
  keysPage,
  developer,
  join,
}) => {
  const colleague = await join("Developer");
  const theirs = await createTestKey(colleague.actor, { name: "Colleague's key" });
  await createTestKey(developer.actor, { name: "Own key" });
  await keysPage.goto(`${keysPage.url()}?q=key`);
  await expect(rowOf(keysPage, "Own key")).toBeVisible();
  await expect(rowOf(keysPage, "Colleague's key")).toHaveCount(0);

  await chooseAction(keysPage, "Own key", "Edit name");
  const rename = await captureAction(keysPage, () => keysPage.getByRole("button", { name: "Save name" }).click());
  const [slug] = rename.args;
  const context = keysPage.context();
  const taken = await sendAction(context, { ...rename, args: [slug, { id: theirs.id, name: "Taken over" }] });
  const missing = await sendAction(context, {
    ...rename,
    args: [slug, { id: crypto.randomUUID(), name: "Taken over" }],
  });
  expect(taken.result).toMatchObject({ ok: false, error: { code: "not_found" } });
  expect(taken.result).toEqual(missing.result);
});

test("an action sent for another team's slug finds no such team", async ({ keysPage, developer }) => {
  await createTestKey(developer.actor, { name: "Own key" });
  await keysPage.reload();
  await chooseAction(keysPage, "Own key", "Edit name");
  const rename = await captureAction(keysPage, () => keysPage.getByRole("button", { name: "Save name" }).click());
  const other = await createTestTeam();
  for (const slug of [other.slug, "no-such-team", "", null, { contains: "" }, ["a"]]) {
    const { result } = await sendAction(keysPage.context(), { ...rename, args: [slug, rename.args[1]] });
    expect(result).toMatchObject({ ok: false, error: { code: "not_found" } });
  }
});

test("somebody in two teams goes from one to the other with the switcher and sees each team's keys apart", async ({
  page,
  team,
  developer,
  join,
}) => {
  const second = await createTestTeam();
  const { actor, name, email } = developer;
  const there = await join("Admin", { team: second, user: { id: actor.userId, name, email } });
  await createTestKey(actor, { name: "Key of the first team" });
  await createTestKey(there.actor, { name: "Key of the second team" });
  await signIn(page.context(), developer);
  await page.goto("/");
  await expect(page).toHaveURL(`/${team.slug}/settings/api-keys`);
  await expect(rowOf(page, "Key of the first team")).toBeVisible();
  await expect(page.getByRole("link", { name: "Audit log" })).toHaveCount(0);

  await page.getByRole("button", { name: /switch team/ }).click();
  await page.getByRole("menuitem").nth(1).click();
  await expect(page).toHaveURL(`/${second.slug}/settings/api-keys`);
  await expect(rowOf(page, "Key of the second team")).toBeVisible();
  await expect(rowOf(page, "Key of the first team")).toHaveCount(0);
  await expect(page.getByRole("link", { name: "Audit log" })).toBeVisible();
});
