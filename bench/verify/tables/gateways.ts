import { step } from "../../../scripts/step.ts";
import { GATEWAY_NAMES, type GatewayName, launchGateway, QUESTIONS, type Question } from "../contenders/gateways.ts";
import { checkAnswers } from "../load/check-answers.ts";
import { presenting } from "../load/load-request.ts";
import type { Options } from "../options.ts";
import type { Site } from "../site.ts";
import { measureAll, type Row, type Subject } from "./measure-all.ts";

export type GatewayRow = Row & { gateway: GatewayName; question: Question };

/** Fewer than elsewhere: the gateway, the verifier and the API share the machine with the load. */
const CONNECTIONS = 16;

/** In warm-ups: at a gateway's rate, it takes this long until the servers behind it are compiled. */
const FIRST_WARM_UP = 12;

/** The fifth table: each gateway without a subrequest, with the cheapest server, and with ours. */
export async function measureGateways(options: Options, site: Site): Promise<GatewayRow[]> {
  const wanted = GATEWAY_NAMES.filter((gateway) => gateway.includes(options.only ?? ""));
  const kinds = wanted.flatMap((gateway) => QUESTIONS.map((question) => ({ gateway, question })));
  const subjects = await step("Gateways started", async () => {
    const started: Subject[] = [];
    for (const { gateway, question } of kinds) started.push(await subjectFor(gateway, question, site));
    return started;
  });
  const rows = await step("Gateways measured", () => measureAll(subjects, options, site, FIRST_WARM_UP));
  return rows.map((row, place) => ({ ...row, ...(kinds[place] as (typeof kinds)[number]) }));
}

async function subjectFor(gateway: GatewayName, question: Question, site: Site): Promise<Subject> {
  const server = await launchGateway(gateway, question, site);
  const request = presenting("/events", site.database.tokens.eventsRead, "zipf");
  await checkAnswers(server.origin, request);
  const label = `${gateway}, ${question}`;
  return { label, servers: [{ server, request, connections: CONNECTIONS, threads: 1 }] };
}
