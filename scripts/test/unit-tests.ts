import { existsSync, readFileSync, rmSync } from "node:fs";
import { type Count, ONE_FAILED } from "./count.ts";
import { runProgram } from "./run-program.ts";

const REPORT = ".test/vitest.json";

interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
  testResults: { status: string; assertionResults: { status: string }[] }[];
}

/** The tests next to the code, on their own database. */
export async function runUnitTests(stop: AbortSignal): Promise<Count> {
  rmSync(REPORT, { force: true });
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${REPORT}`];
  const exitCode = await runProgram(["node_modules/vitest/vitest.mjs", "run", ...reporters], { stop });
  if (!existsSync(REPORT)) return ONE_FAILED;
  const count = readCount(JSON.parse(readFileSync(REPORT, "utf8")) as VitestReport);
  return exitCode !== 0 && count.failed === 0 ? { ...count, failed: 1 } : count;
}

/** A file that can't be loaded, or whose hooks fail, fails without failing tests. */
function readCount({ numPassedTests, numFailedTests, testResults }: VitestReport): Count {
  const brokenFiles = testResults.filter(
    (file) => file.status === "failed" && !file.assertionResults.some((result) => result.status === "failed"),
  );
  return { passed: numPassedTests, failed: numFailedTests + brokenFiles.length };
}
