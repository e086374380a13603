import { createTestKey, inDays, recordTestUse } from "@/lib/testing/fixtures";
import { expect, rowOf, signIn, sql, test } from "./fixtures";

const READS = ["events.read", "contacts.read", "messages.read", "reports.read"];

const KEYS = [
  {
    name: "Zapier production",
    scopes: ["events.read", "contacts.read"],
    createdAt: inDays(-41),
    expiresAt: inDays(49),
    used: 0.002,
  },
  { name: "Warehouse export, nightly", scopes: READS, createdAt: inDays(-62), expiresAt: inDays(28), used: 0.3 },
  {
    name: "n8n staging",
    scopes: ["messages.read", "messages.write"],
    createdAt: inDays(-6),
    expiresAt: inDays(84),
    used: 1.2,
  },
  {
    name: "Ticket scanner, main hall",
    scopes: ["events.read", "events.write"],
    createdAt: inDays(-88),
    expiresAt: inDays(2),
    used: 0.01,
  },
  { name: "Grafana reports", scopes: ["reports.read"], createdAt: inDays(-130), expiresAt: null, used: 47 },
  {
    name: "Local dev, Ada's laptop",
    scopes: [...READS, "events.write"],
    createdAt: inDays(-1),
    expiresAt: inDays(13),
    used: null,
  },
  {
    name: "CRM sync",
    scopes: ["contacts.read", "contacts.write"],
    createdAt: inDays(-120),
    expiresAt: inDays(-30),
    used: 31,
  },
  {
    name: "Old website",
    scopes: ["events.read"],
    createdAt: inDays(-200),
    expiresAt: inDays(20),
    used: 15,
    revokedAt: inDays(-14),
  },
];

test("the API Keys page looks as the README shows it", async ({ page, team, developer }) => {
  await sql("update teams set name = 'Acme Events' where id = $1", [team.id]);
  await sql("update users set name = 'Ada Park' where id = $1", [developer.actor.userId]);
  for (const { used, ...key } of KEYS) {
    const { id } = await createTestKey(developer.actor, key);
    if (used !== null) await recordTestUse(id, inDays(-used));
  }
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
  await signIn(page.context(), developer);
  await page.goto(`/${team.slug}/settings/api-keys`);
  await expect(rowOf(page, "Old website").getByText("Revoked")).toBeVisible();
  await expect(page.getByRole("row")).toHaveCount(KEYS.length + 1);
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: process.env.UPDATE_SCREENSHOTS ? "docs/screenshot.png" : ".test/screenshot.png" });
});
