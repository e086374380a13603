import { BARE_PATH } from "./bench/copy-console.ts";
import { measureFirstByte } from "./bench/first-byte.ts";
import { type MeasuredPage, measureByTurns } from "./bench/measured-page.ts";
import { launchBrowser, measurePageLoad } from "./bench/page-load.ts";
import { printReport } from "./bench/report.ts";
import { type CleanUp, type RunningCopy, runCopy } from "./bench/run-copy.ts";
import type { BenchTeam } from "./bench/seed-teams.ts";
import { signIn } from "./bench/sign-in.ts";
import { StartError } from "./start-error.ts";
import { step } from "./step.ts";
import { watchForStop } from "./stop-request.ts";
import { findChromium } from "./test/find-chromium.ts";

const KEY_COUNTS = [100, 10_000];
const REQUESTS = { warmUp: 30, counted: 200, limitMs: 45_000 };
const PAGE_LOADS = { warmUp: 1, counted: 11, limitMs: 60_000 };

/**
 * `npm run bench`: times the API Keys page of a team with 100 keys and of one with 10,000, beside a
 * bare page of the same build. All of it happens in a copy, so the console and its data stay as they are.
 */
export default async function bench(): Promise<void> {
  const { stop } = watchForStop();
  const tasks: (() => unknown)[] = [];
  try {
    await measureCopy(stop, (task) => tasks.unshift(task));
  } catch (error) {
    // Whatever a stop interrupts fails, and that is no news.
    if (!stop.aborted) throw error;
    process.exitCode = 1;
  } finally {
    for (const task of tasks) await task();
  }
}

async function measureCopy(stop: AbortSignal, cleanUp: CleanUp): Promise<void> {
  const browserPath = findChromium();
  if (!browserPath) throw new StartError("There is no Chromium to load pages with: install one, or set CHROMIUM_PATH.");
  const copy = await runCopy(KEY_COUNTS, stop, cleanUp);
  const browser = await launchBrowser(browserPath);
  cleanUp(() => browser.close());

  const pages = await pagesOf(copy);
  const firstBytes = await step("First bytes timed", () => measureByTurns(pages, REQUESTS, measureFirstByte));
  const loads = await step("Page loads timed", () =>
    measureByTurns(pages, PAGE_LOADS, (page) => measurePageLoad(browser, page)),
  );
  for (const { keys, adminKeys } of copy.teams) console.log(`  ${adminKeys} of the ${keys} keys are the visitor's`);
  printReport(
    pages.map((page) => ({ label: page.label, firstBytes: firstBytes.get(page) ?? [], loads: loads.get(page) ?? [] })),
  );
}

async function pagesOf({ origin, teams }: RunningCopy): Promise<MeasuredPage[]> {
  const ofTeam = async (team: BenchTeam) => ({
    label: `${team.keys.toLocaleString("en")} keys`,
    url: `${origin}/${team.slug}/settings/api-keys`,
    cookies: await signIn(origin, team),
  });
  const keyPages = await Promise.all(teams.map(ofTeam));
  return [...keyPages, { label: "bare page", url: origin + BARE_PATH, cookies: keyPages[0]?.cookies ?? "" }];
}
