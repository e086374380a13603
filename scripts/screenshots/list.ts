import type { Page } from "@playwright/test";
import type { DemoTeam } from "./demo-team.ts";

export type Theme = "light" | "dark";

export type Screenshot = {
  name: string;
  themes: readonly Theme[];
  path: (team: DemoTeam) => string;
  /** Runs on the page before the picture is taken. */
  prepare?: (page: Page) => Promise<void>;
};

const BOTH = ["light", "dark"] as const;
const LIGHT = ["light"] as const;

export const SCREENSHOTS: readonly Screenshot[] = [
  { name: "api-keys", themes: BOTH, path: ({ slug }) => `/${slug}/settings/api-keys` },
  {
    name: "create-api-key",
    themes: BOTH,
    path: ({ slug }) => `/${slug}/settings/api-keys`,
    prepare: async (page) => {
      await page.getByRole("button", { name: "Create API key" }).first().click();
      await page.getByRole("dialog").getByLabel("Name").fill("Zapier production");
      await page.getByRole("dialog").getByRole("button", { name: "Read only" }).click();
    },
  },
  { name: "key", themes: BOTH, path: ({ slug, busiestKeyId }) => `/${slug}/settings/api-keys/${busiestKeyId}` },
  { name: "review", themes: LIGHT, path: ({ slug }) => `/${slug}/settings/api-keys/review` },
  { name: "roles", themes: LIGHT, path: ({ slug }) => `/${slug}/settings/roles` },
  { name: "members", themes: LIGHT, path: ({ slug }) => `/${slug}/settings/members` },
  { name: "policies", themes: LIGHT, path: ({ slug }) => `/${slug}/settings/policies` },
  { name: "audit-log", themes: LIGHT, path: ({ slug }) => `/${slug}/settings/audit-log` },
  { name: "quick-start", themes: LIGHT, path: ({ slug }) => `/${slug}/settings/quick-start` },
];
