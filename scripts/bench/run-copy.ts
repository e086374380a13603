import { rmSync } from "node:fs";
import { join } from "node:path";
import { runShutdownHooks } from "../../lib/shutdown.ts";
import { prepareDataDir } from "../data-dir.ts";
import { lockDataDir } from "../data-dir-lock.ts";
import { findEmbeddedPostgres, startEmbeddedPostgres } from "../embedded-postgres.ts";
import { launchConsole } from "../launched-console.ts";
import { migrate } from "../migrate.ts";
import { step } from "../step.ts";
import { copyConsole } from "./copy-console.ts";
import type { BenchTeam } from "./seed-teams.ts";

const PLACE = ".bench";

/** Takes what is to be done at the end, the last first. */
export type CleanUp = (task: () => unknown) => void;

export type RunningCopy = { origin: string; teams: BenchTeam[] };

/**
 * Runs a copy of the console, with a database of its own in which one team has each number of keys,
 * until it is cleaned up.
 */
export async function runCopy(keyCounts: readonly number[], stop: AbortSignal, cleanUp: CleanUp): Promise<RunningCopy> {
  const place = prepareDataDir(PLACE);
  const lock = await lockDataDir(place, 0);
  cleanUp(() => rmSync(place, { recursive: true }));
  cleanUp(() => lock.release());
  const copy = join(place, "console");
  const dataDir = join(place, "data");
  await removeLeftovers(copy, dataDir);

  await step("Console copied, with a bare page beside", () => copyConsole(copy));
  const database = await step("Database ready", () => startEmbeddedPostgres(prepareDataDir(dataDir)));
  cleanUp(() => database.stop());
  await migrate(database.url);
  const teams = await step("Teams seeded", () => seed(database.url, keyCounts, cleanUp));

  const origin = await step("Console built and started", () =>
    startConsole(copy, database.url, dataDir, stop, cleanUp),
  );
  return { origin, teams };
}

/** What a run that was killed left behind. Its console may still be at work: removing is tried for some seconds. */
async function removeLeftovers(copy: string, dataDir: string): Promise<void> {
  if (await findEmbeddedPostgres(dataDir)) await (await startEmbeddedPostgres(dataDir)).stop();
  const patiently = { recursive: true, force: true, maxRetries: 10, retryDelay: 200 };
  for (const directory of [copy, dataDir]) rmSync(directory, patiently);
}

/** The database client connects to what DATABASE_URL says when it is first imported. */
async function seed(databaseUrl: string, keyCounts: readonly number[], cleanUp: CleanUp) {
  process.env.DATABASE_URL = databaseUrl;
  const { seedTeams } = await import("./seed-teams.ts");
  cleanUp(runShutdownHooks);
  return seedTeams(keyCounts);
}

/** Returns where the console answers. */
async function startConsole(copy: string, databaseUrl: string, dataDir: string, stop: AbortSignal, cleanUp: CleanUp) {
  // It is launched from where we are.
  const home = process.cwd();
  process.chdir(copy);
  const console = await launchConsole({
    env: { DATABASE_URL: databaseUrl, DATA_DIR: dataDir, LATCHKEY_DIST_DIR: "" },
  }).finally(() => process.chdir(home));

  let hasEnded = false;
  void console.exited.then(() => {
    hasEnded = true;
  });
  const end = () => hasEnded || console.signal("SIGTERM");
  stop.addEventListener("abort", end);
  cleanUp(async () => {
    end();
    await console.exited;
  });
  await console.ready();
  return console.url;
}
