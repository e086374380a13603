import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { StartError } from "../../scripts/start-error.ts";
import { step } from "../../scripts/step.ts";
import { type CleanUp, openWorkplace, type Workplace } from "../workplace.ts";
import { addRoutes } from "./contenders/console.ts";
import type { Options } from "./options.ts";
import { type SeededDatabase, seedDatabase } from "./seed/seeded-database.ts";
import type { Site } from "./site.ts";

/** The sizes of the second table's databases, relative to the others'. */
const SIZES = [0.1, 1, 10];

/** Opens the workplace and seeds a database of each size that the selected tables need. */
export async function prepareSite(options: Options, stop: AbortSignal, cleanUp: CleanUp) {
  if (!existsSync("/proc/self/stat"))
    throw new StartError("bench:verify reads CPU and memory from /proc, so it needs Linux.");
  const workplace = await openWorkplace(cleanUp);
  addRoutes(workplace.copy);
  const keyCounts = options.tables.has(2) ? SIZES.map((size) => Math.ceil(size * options.keys)) : [options.keys];
  const databases: SeededDatabase[] = [];
  for (const keys of keyCounts) databases.push(await seed(workplace, keys, options, stop));
  const database = databases.find(({ keys }) => keys === options.keys) as SeededDatabase;
  const site: Site = { workplace, postgresPid: postgresPid(workplace), database, stop, cleanUp };
  return { site, databases };
}

function seed({ place, copy, database }: Workplace, keys: number, { revocations }: Options, stop: AbortSignal) {
  return step(`${keys.toLocaleString("en")} keys seeded`, () =>
    seedDatabase({ serverUrl: database.urls.owner, place, copy, keys, keysToRevoke: revocations, stop }),
  );
}

/** The first line of `postmaster.pid`. */
function postgresPid({ dataDir }: Workplace): number {
  return Number(readFileSync(join(dataDir, "postgres", "postmaster.pid"), "utf8").split("\n")[0]);
}
