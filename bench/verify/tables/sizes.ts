import { step } from "../../../scripts/step.ts";
import { BARE, ME } from "../contenders/contenders.ts";
import { startBareHttp } from "../contenders/own-servers.ts";
import { launchVerifier, startVerifier } from "../contenders/verifier.ts";
import { checkAnswers } from "../load/check-answers.ts";
import { presenting } from "../load/load-request.ts";
import type { Options } from "../options.ts";
import type { SeededDatabase } from "../seed/seeded-database.ts";
import type { Site } from "../site.ts";
import { CONNECTIONS, measureAll, type Row, type Subject, WRK_THREADS } from "./measure-all.ts";

const WITH_ALL = { connections: CONNECTIONS, threads: WRK_THREADS };

/** The second table: verifiers on databases of different sizes by turns, and the limit beside them. */
export async function measureSizes(databases: readonly SeededDatabase[], options: Options, site: Site): Promise<Row[]> {
  const bare = { server: await startBareHttp(site), request: presenting("/", site.database.tokens.all), ...WITH_ALL };
  const subjects: Subject[] = [{ label: BARE, servers: [bare] }];
  for (const database of databases) subjects.push(await verifierOn(database, site));
  return step("Sizes measured", () => measureAll(subjects, options, site));
}

async function verifierOn(database: SeededDatabase, site: Site): Promise<Subject> {
  const isTheUsual = database === site.database;
  const server = isTheUsual
    ? await startVerifier(site)
    : await launchVerifier(site, database, `verifier-${database.keys}`);
  const request = presenting(ME, database.tokens.all);
  await checkAnswers(server.origin, request);
  return { label: `${database.keys.toLocaleString("en")} keys`, servers: [{ server, request, ...WITH_ALL }] };
}
