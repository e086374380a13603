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

export type RunningCopy = { origin: string; teams: BenchTeam[] };

/**
 * Runs a copy of the console, with a database of its own in which one team has each number of keys.
 * What has to be undone afterwards is given to `cleanUp`, to be done in reverse order.
 */
export async function runCopy(
  keyCounts: readonly number[],
  stop: AbortSignal,
  cleanUp: (task: () => unknown) => void,
): Promise<RunningCopy> {
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

  // The console is launched from where we are.
  const home = process.cwd();
  process.chdir(copy);
  const env = { DATABASE_URL: database.url, DATA_DIR: dataDir, LATCHKEY_DIST_DIR: "" };
  const console = await launchConsole({ env });
  process.chdir(home);
  const end = () => console.signal("SIGTERM");
  stop.addEventListener("abort", end);
  cleanUp(async () => {
    end();
    await console.exited;
  });
  await step("Console built and started", () => console.ready());
  return { origin: console.url, teams };
}

/** What a run that was killed left behind. */
async function removeLeftovers(copy: string, dataDir: string): Promise<void> {
  if (await findEmbeddedPostgres(dataDir)) await (await startEmbeddedPostgres(dataDir)).stop();
  for (const directory of [copy, dataDir]) rmSync(directory, { recursive: true, force: true });
}

/** The database client connects to what DATABASE_URL says when it is first imported. */
async function seed(databaseUrl: string, keyCounts: readonly number[], cleanUp: (task: () => unknown) => void) {
  process.env.DATABASE_URL = databaseUrl;
  const { seedTeams } = await import("./seed-teams.ts");
  cleanUp(runShutdownHooks);
  return seedTeams(keyCounts);
}
