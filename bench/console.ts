import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "@playwright/test";
import { StartError } from "../scripts/start-error.ts";
import { step } from "../scripts/step.ts";
import { watchForStop } from "../scripts/stop-request.ts";
import { findChromium } from "../scripts/test/find-chromium.ts";
import { readBusyCores } from "./circumstances.ts";
import { measureAnswer, type Question } from "./console/answer-time.ts";
import { consoleDocument, type Findings } from "./console/console-document.ts";
import { type Questions, questionsFor } from "./console/questions.ts";
import { measureByTurns } from "./measure-by-turns.ts";
import { launchBrowser, measurePageLoad } from "./page-load.ts";
import { type CleanUp, runCopy } from "./run-copy.ts";

const FEW_KEYS = 100;
const MANY_KEYS = 100_000;
const ANSWERS = { warmUp: 3, counted: 25, limitMs: 60_000 };
const PAGE_LOADS = { warmUp: 1, counted: 5, limitMs: 60_000 };
const DOCUMENT = join("docs", "performance-console.md");

/**
 * `npm run bench`: times the pages of a team with 100 keys and of one with 100,000, next to an empty page of the same
 * build, and writes docs/performance-console.md. Runs in a copy, so the console and its data aren't touched.
 */
export default async function bench(): Promise<void> {
  const { stop } = watchForStop();
  const tasks: (() => unknown)[] = [];
  const busyCores = readBusyCores();
  try {
    const document = await measureCopy(stop, busyCores, (task) => tasks.unshift(task));
    console.log(`\n${document}`);
    writeFileSync(DOCUMENT, document);
    console.log(`✓ Written to ${DOCUMENT}`);
  } catch (error) {
    // Whatever a stop interrupts fails; that isn't worth reporting.
    if (!stop.aborted) throw error;
    process.exitCode = 1;
  } finally {
    for (const task of tasks) await task();
  }
}

async function measureCopy(stop: AbortSignal, busyCores: number, cleanUp: CleanUp): Promise<string> {
  const browserPath = findChromium();
  if (!browserPath) throw new StartError("There is no Chromium to load pages with: install one, or set CHROMIUM_PATH.");
  const { origin, teams } = await runCopy([FEW_KEYS, MANY_KEYS], stop, cleanUp);
  const [few, many] = teams;
  if (!few || !many) throw new RangeError("There must be two teams.");
  const questions = await questionsFor(origin, few, many);
  const browser = await launchBrowser(browserPath);
  cleanUp(() => browser.close());
  return consoleDocument(questions, await measureAll(questions, browser), busyCores);
}

/** Compared subjects alternate; each comparison includes the same bare responses. */
async function measureAll(
  { bare, keys, pages, lists, bareList, rest }: Questions,
  browser: Browser,
): Promise<Findings> {
  const twoOf = (pairs: { few: Question; many: Question }[]) => pairs.flatMap(({ few, many }) => [few, many]);
  const groups = [[bare, ...twoOf([keys, ...pages])], twoOf(lists), [bareList, ...rest]];
  const answers = await step("Answers timed", async () => {
    const measured = [];
    for (const group of groups) measured.push(...(await measureByTurns(group, ANSWERS, measureAnswer)));
    return new Map(measured);
  });
  const loaded = [bare, keys.few, keys.many, ...pages.map(({ many }) => many)];
  const loads = await step("Page loads timed", () =>
    measureByTurns(loaded, PAGE_LOADS, (page) => measurePageLoad(browser, page)),
  );
  return { answers, loads };
}
