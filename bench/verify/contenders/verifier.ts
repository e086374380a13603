import { freePort } from "../../../scripts/free-port.ts";
import type { RunningServer } from "../measure.ts";
import { startProcess } from "../processes/start-process.ts";
import type { SeededDatabase } from "../seed/seeded-database.ts";
import { once, type Site } from "../site.ts";

export const startVerifier = once((site: Site) => launchVerifier(site, site.database, "verifier"));

/** Another process on the same database, which changes must also reach. */
export const startSecondVerifier = once((site: Site) => launchVerifier(site, site.database, "verifier-2"));

/** A verifier as run by `npm run verifier`. */
export async function launchVerifier(site: Site, database: SeededDatabase, name: string): Promise<RunningServer> {
  const { workplace, stop, cleanUp } = site;
  const port = await freePort();
  const wanted = {
    name,
    args: ["--max-semi-space-size=8", "--max-old-space-size=160", "scripts/run.mjs", "verifier"],
    cwd: workplace.copy,
    env: {
      MALLOC_ARENA_MAX: "1",
      DATABASE_URL: database.url,
      DATA_DIR: workplace.dataDir,
      VERIFIER_PORT: String(port),
      // The address of the fifth table's gateways.
      TRUSTED_PROXIES: "127.0.0.1",
    },
    announcement: "Verifier is at ",
  };
  return { pid: await startProcess(wanted, workplace.place, stop, cleanUp), origin: `http://127.0.0.1:${port}` };
}
