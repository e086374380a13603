import { step } from "../../../scripts/step.ts";
import { CONTENDERS, type Contender } from "../contenders/contenders.ts";
import { type LeftOut, startContenders } from "../contenders/start-contenders.ts";
import type { Options } from "../options.ts";
import type { Site } from "../site.ts";
import { CONNECTIONS, measureAll, type Row, WRK_THREADS } from "./measure-all.ts";

export type ServersTable = { rows: Row[]; leftOut: LeftOut[] };

/** The first table: all servers, alternately. */
export async function measureServers(options: Options, site: Site): Promise<ServersTable> {
  const isWanted = ({ label }: Contender) => !options.only || label.includes(options.only);
  const { running, leftOut } = await step("Servers started", () => startContenders(CONTENDERS.filter(isWanted), site));
  const subjects = running.map(({ contender, server, request }) => ({
    label: contender.label,
    servers: [{ server, request, connections: CONNECTIONS, threads: WRK_THREADS }],
  }));
  return { rows: await step("Servers measured", () => measureAll(subjects, options, site)), leftOut };
}
