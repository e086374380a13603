import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "@playwright/test";
import { launchBrowser } from "../bench/page-load.ts";
import { type CleanUp, startConsole } from "../bench/run-copy.ts";
import { signIn } from "../bench/sign-in.ts";
import { openWorkplace } from "../bench/workplace.ts";
import { runShutdownHooks } from "../lib/shutdown.ts";
import { migrate } from "./migrate.ts";
import type { DemoTeam } from "./screenshots/demo-team.ts";
import { SCREENSHOTS, type Screenshot, type Theme } from "./screenshots/list.ts";
import { StartError } from "./start-error.ts";
import { step } from "./step.ts";
import { watchForStop } from "./stop-request.ts";
import { findChromium } from "./test/find-chromium.ts";

const PLACE = join("docs", "screenshots");
const SIZE = { width: 1280, height: 800 };

/** `npm run screenshots`: takes the pictures in docs/screenshots from a copy of the console with a fictional team. */
export default async function screenshots(): Promise<void> {
  const { stop } = watchForStop();
  const tasks: (() => unknown)[] = [];
  try {
    await takeAll(stop, (task) => tasks.unshift(task));
  } finally {
    for (const task of tasks) await task();
  }
}

async function takeAll(stop: AbortSignal, cleanUp: CleanUp): Promise<void> {
  const browserPath = findChromium();
  if (!browserPath)
    throw new StartError("There is no Chromium to take pictures with: install one, or set CHROMIUM_PATH.");
  const { copy, dataDir, database } = await openWorkplace(cleanUp);
  await migrate(database.urls.owner);
  const team = await step("Team made up", () => makeUpTeam(database.urls.owner, cleanUp));
  const origin = await step("Console built and started", () =>
    startConsole(copy, database.urls.console, dataDir, stop, cleanUp),
  );
  const cookies = await signIn(origin, team);
  const browser = await launchBrowser(browserPath);
  cleanUp(() => browser.close());
  rmSync(PLACE, { recursive: true, force: true });
  mkdirSync(PLACE, { recursive: true });
  for (const screenshot of SCREENSHOTS) {
    for (const theme of screenshot.themes) {
      await step(`${screenshot.name}, ${theme}`, () => take(browser, { screenshot, theme, origin, cookies, team }));
    }
  }
}

/** The database client connects to the DATABASE_URL at its first import. */
async function makeUpTeam(databaseUrl: string, cleanUp: CleanUp): Promise<DemoTeam> {
  process.env.DATABASE_URL = databaseUrl;
  const { makeUpDemoTeam } = await import("./screenshots/demo-team.ts");
  cleanUp(runShutdownHooks);
  return makeUpDemoTeam();
}

type Wanted = { screenshot: Screenshot; theme: Theme; origin: string; cookies: string; team: DemoTeam };

async function take(browser: Browser, { screenshot, theme, origin, cookies, team }: Wanted): Promise<void> {
  const context = await browser.newContext({ viewport: SIZE, colorScheme: theme, reducedMotion: "reduce" });
  try {
    const pairs = cookies.split("; ").map((cookie) => cookie.split("=", 2) as [string, string]);
    await context.addCookies(pairs.map(([name, value]) => ({ url: origin, name, value })));
    const page = await context.newPage();
    await page.goto(origin + screenshot.path(team), { waitUntil: "networkidle" });
    await screenshot.prepare?.(page);
    await page.screenshot({ path: join(PLACE, `${screenshot.name}-${theme}.png`) });
  } finally {
    await context.close();
  }
}
