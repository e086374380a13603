import { mkdirSync } from "node:fs";
import { watchForStop } from "./stop-request.ts";
import { runBrowserTests } from "./test/browser-tests.ts";
import { build, checkTypes, lint } from "./test/checks.ts";
import { type Count, sum } from "./test/count.ts";
import { installTestPrograms } from "./test/find-program.ts";
import { runUnitTests } from "./test/unit-tests.ts";

/** A separate build, so that a console running from this clone keeps its files. */
const BUILD_DIR = ".test/build";

const STEPS: [string, (stop: AbortSignal) => Promise<Count>][] = [
  ["Types", checkTypes],
  ["Lint", lint],
  ["Build", build],
  ["Unit and database tests", runUnitTests],
  ["Browser tests", runBrowserTests],
];

/** `npm test`: all checks and tests. The last line counts the passed and failed tests. */
export default async function test(): Promise<void> {
  const { stop } = watchForStop();
  mkdirSync(".test", { recursive: true });
  process.env.LATCHKEY_BUILD_DIR = BUILD_DIR;
  const counts: Count[] = [];
  installTestPrograms();
  for (const [name, run] of STEPS) {
    if (stop.aborted) break;
    console.log(`\n── ${name}`);
    counts.push(await run(stop));
  }
  const { passed, failed } = sum(counts);
  const isComplete = counts.length === STEPS.length && !stop.aborted;
  console.log(`\n${passed} passed, ${failed + (isComplete ? 0 : 1)} failed`);
  process.exitCode = failed === 0 && isComplete ? 0 : 1;
}
