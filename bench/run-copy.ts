import { runShutdownHooks } from "../lib/shutdown.ts";
import { launchConsole } from "../scripts/launched-console.ts";
import { migrate } from "../scripts/migrate.ts";
import { step } from "../scripts/step.ts";
import type { BenchTeam } from "./seed-teams.ts";
import { type CleanUp, openWorkplace } from "./workplace.ts";

export type { CleanUp };

export type RunningCopy = { origin: string; teams: BenchTeam[] };

/**
 * Runs a copy of the console until it is cleaned up, with its own database in which there is one team for each number
 * of keys.
 */
export async function runCopy(keyCounts: readonly number[], stop: AbortSignal, cleanUp: CleanUp): Promise<RunningCopy> {
  const { copy, dataDir, database } = await openWorkplace(cleanUp);
  await migrate(database.urls.owner);
  const teams = await step("Teams seeded", () => seed(database.urls.owner, keyCounts, cleanUp));

  const origin = await step("Console built and started", () =>
    startConsole(copy, database.urls.console, dataDir, stop, cleanUp),
  );
  return { origin, teams };
}

/** The database client connects to the DATABASE_URL at its first import. */
async function seed(databaseUrl: string, keyCounts: readonly number[], cleanUp: CleanUp) {
  process.env.DATABASE_URL = databaseUrl;
  const { seedTeams } = await import("./seed-teams.ts");
  cleanUp(runShutdownHooks);
  return seedTeams(keyCounts);
}

/** Builds and starts the console in `copy` until it is cleaned up; returns its URL. */
export async function startConsole(
  copy: string,
  databaseUrl: string,
  dataDir: string,
  stop: AbortSignal,
  cleanUp: CleanUp,
): Promise<string> {
  // The console starts in the current directory.
  const home = process.cwd();
  process.chdir(copy);
  const console = await launchConsole({
    env: { DATABASE_URL: databaseUrl, DATA_DIR: dataDir, LATCHKEY_BUILD_DIR: "" },
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
