import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { prepareDataDir } from "../scripts/data-dir.ts";
import { lockDataDir } from "../scripts/data-dir-lock.ts";
import { type EmbeddedPostgres, findEmbeddedPostgres, startEmbeddedPostgres } from "../scripts/embedded-postgres.ts";
import { step } from "../scripts/step.ts";
import { copyConsole } from "./copy-console.ts";

const PLACE = ".bench";

/** Registers a cleanup task; they run in reverse order. */
export type CleanUp = (task: () => unknown) => void;

/** A benchmark's own environment: a copy of the console, and an empty PostgreSQL. */
export type Workplace = { place: string; copy: string; dataDir: string; database: EmbeddedPostgres };

/** Opens the place that benchmarks use, one at a time; the cleanup stops the database and removes everything. */
export async function openWorkplace(cleanUp: CleanUp): Promise<Workplace> {
  const place = prepareDataDir(PLACE);
  const lock = await lockDataDir(place, 0);
  cleanUp(() => rmSync(place, { recursive: true }));
  cleanUp(() => lock.release());
  const copy = join(place, "console");
  const dataDir = join(place, "data");
  await removeLeftovers(place, dataDir);

  await step("Console copied, with a bare page beside", () => copyConsole(copy));
  const database = await step("Database ready", () => startEmbeddedPostgres(prepareDataDir(dataDir)));
  cleanUp(() => database.stop());
  return { place, copy, dataDir, database };
}

/** Removes what a killed run left behind. Its console may still be running, so this is retried for some seconds. */
async function removeLeftovers(place: string, dataDir: string): Promise<void> {
  if (await findEmbeddedPostgres(dataDir)) await (await startEmbeddedPostgres(dataDir)).stop();
  const patiently = { recursive: true, force: true, maxRetries: 10, retryDelay: 200 };
  for (const name of readdirSync(place)) {
    if (!name.startsWith("lock")) rmSync(join(place, name), patiently);
  }
}
