import { step } from "../../../scripts/step.ts";
import { BARE, ME } from "../contenders/contenders.ts";
import { startBareHttp } from "../contenders/own-servers.ts";
import { launchVerifier, startVerifier } from "../contenders/verifier.ts";
import { checkAnswers } from "../load/check-answers.ts";
import { type Draw, presenting } from "../load/load-request.ts";
import type { RunningServer } from "../measure.ts";
import type { Options } from "../options.ts";
import type { SeededDatabase } from "../seed/seeded-database.ts";
import type { Site } from "../site.ts";
import { CONNECTIONS, measureAll, type Row, type Subject, WRK_THREADS } from "./measure-all.ts";

/** Suffix of rows whose keys are drawn as in practice. */
export const ZIPF_LABEL = ", as in life";

const WITH_ALL = { connections: CONNECTIONS, threads: WRK_THREADS };

/** The second table: verifiers on databases of different sizes, alternately, and the limit next to them. */
export async function measureSizes(databases: readonly SeededDatabase[], options: Options, site: Site): Promise<Row[]> {
  const bare = { server: await startBareHttp(site), request: presenting("/", site.database.tokens.all), ...WITH_ALL };
  const subjects: Subject[] = [{ label: BARE, servers: [bare] }];
  const servers = new Map<SeededDatabase, RunningServer>();
  for (const database of databases) servers.set(database, await verifierOn(database, site));
  for (const [database, server] of servers) subjects.push(await subjectFor(server, database, "evenly"));
  for (const [database, server] of servers) subjects.push(await subjectFor(server, database, "zipf"));
  return step("Sizes measured", () => measureAll(subjects, options, site));
}

function verifierOn(database: SeededDatabase, site: Site): Promise<RunningServer> {
  const isTheUsual = database === site.database;
  return isTheUsual ? startVerifier(site) : launchVerifier(site, database, `verifier-${database.keys}`);
}

async function subjectFor(server: RunningServer, { keys, tokens }: SeededDatabase, draw: Draw): Promise<Subject> {
  const request = presenting(ME, tokens.all, draw);
  await checkAnswers(server.origin, request);
  const label = `${keys.toLocaleString("en")} keys${draw === "zipf" ? ZIPF_LABEL : ""}`;
  return { label, servers: [{ server, request, ...WITH_ALL }] };
}
