import { step } from "../../../scripts/step.ts";
import { presentAtMe } from "../contenders/contenders.ts";
import { startSecondVerifier, startVerifier } from "../contenders/verifier.ts";
import type { Options } from "../options.ts";
import type { Site } from "../site.ts";
import { CONNECTIONS, measureAll, type Row, WRK_THREADS } from "./measure-all.ts";

/** The third table: one verifier with all connections, and two with half of them each. */
export async function measureInstances(options: Options, site: Site): Promise<Row[]> {
  const request = presentAtMe(site);
  const servers = [await startVerifier(site), await startSecondVerifier(site)];
  const share = (of: number) => ({ connections: CONNECTIONS / of, threads: WRK_THREADS / of });
  const subjects = [1, 2].map((count) => ({
    label: count === 1 ? "one verifier" : "two verifiers",
    servers: servers.slice(0, count).map((server) => ({ server, request, ...share(count) })),
  }));
  return step("Instances measured", () => measureAll(subjects, options, site));
}
