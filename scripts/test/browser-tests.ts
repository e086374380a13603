import { randomUUID } from "node:crypto";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { overTcp } from "../../lib/testing/over-tcp.ts";
import { prepareDataDir } from "../data-dir.ts";
import { findEmbeddedPostgres } from "../embedded-postgres.ts";
import { type LaunchedConsole, launchConsole } from "../launched-console.ts";
import { reportFailure } from "../report-failure.ts";
import { StartError } from "../start-error.ts";
import { type Count, ONE_FAILED } from "./count.ts";
import { findChromium } from "./find-chromium.ts";
import { runProgram } from "./run-program.ts";

const REPORT = ".test/playwright.json";

const ADMIN = {
  ADMIN_EMAIL: "admin@example.com",
  ADMIN_PASSWORD: "correct horse battery",
  ADMIN_TEAM: "Acme",
};

interface PlaywrightReport {
  stats: { expected: number; unexpected: number; flaky: number };
}

/** The journeys in e2e, in a real browser against a console started like `npm start`, with its own data. */
export async function runBrowserTests(stop: AbortSignal): Promise<Count> {
  const dataDir = prepareDataDir(join(tmpdir(), `latchkey-e2e-${randomUUID()}`));
  const console = await launchConsole({
    env: { DATA_DIR: dataDir, LOG_LEVEL: "warn", SECURITY_CONTACT: "security@example.com", ...ADMIN },
  });
  try {
    return await testConsole(console, dataDir, stop);
  } catch (error) {
    reportFailure(error);
    return ONE_FAILED;
  } finally {
    console.signal("SIGTERM");
    await console.exited;
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function testConsole(console: LaunchedConsole, dataDir: string, stop: AbortSignal): Promise<Count> {
  const browser = findChromium();
  if (!browser) throw new StartError("There is no Chromium for the browser tests: install one, or set CHROMIUM_PATH.");
  await console.ready();
  rmSync(REPORT, { force: true });
  const urls = await findEmbeddedPostgres(dataDir);
  const exitCode = await runProgram(["node_modules/@playwright/test/cli.js", "test"], {
    stop,
    env: {
      ...ADMIN,
      BASE_URL: console.url,
      CHROMIUM_PATH: browser,
      DATABASE_URL: urls ? overTcp(urls.console) : "",
      TEST_OWNER_DATABASE_URL: urls ? overTcp(urls.owner) : "",
      NODE_OPTIONS: "--conditions=react-server",
      PLAYWRIGHT_JSON_OUTPUT_FILE: REPORT,
    },
  });
  if (!existsSync(REPORT)) return ONE_FAILED;
  const { stats } = JSON.parse(readFileSync(REPORT, "utf8")) as PlaywrightReport;
  const failed = stats.unexpected + stats.flaky;
  return { passed: stats.expected, failed: exitCode !== 0 && failed === 0 ? 1 : failed };
}
