import { CONTENDERS } from "../contenders/contenders.ts";
import type { Options } from "../options.ts";
import type { Section } from "./sections.ts";

export type Circumstances = {
  machine: string;
  postgresVersion: string;
  wrkVersion: string;
  busyCores: number;
  date: string;
};

export const CHART_FILE = "performance.svg";

/** docs/performance.md: the results of one run, and how to repeat it. */
export function performanceDocument(
  sections: Section[],
  { machine, postgresVersion, wrkVersion, busyCores, date }: Circumstances,
  options: Options,
): string {
  return `# Performance

Written by \`npm run bench:verify\`; don't edit it by hand. All figures are of one run on one machine, with the load
generator, the servers and PostgreSQL on it together: **compare rows of one table, not figures of different runs.**

${date}, ${machine}, PostgreSQL ${postgresVersion} (embedded, durable settings as in production), ${wrkVersion}. The load
before the start, by other programs: ${busyCores.toFixed(1)}.

![Requests per second by server](${CHART_FILE})

${sections.map(sectionText).join("\n\n")}

## What the rows are

${CONTENDERS.map(({ label, about }) => `- **${label}**: ${about}`).join("\n")}

${method(options)}
`;
}

function sectionText({ title, table, notes }: Section): string {
  return [`## ${title}`, table, ...notes].join("\n\n");
}

function method({ rounds, seconds, warmUpSeconds, keys }: Options): string {
  const tokens = keys.toLocaleString("en");
  return `## How it is measured

- \`wrk\` with 2 threads and 64 connections draws a random token out of ${tokens} for every request (the second
  table: out of all keys of its database). Rows “as in life” and the gateways draw by Zipf's law with exponent 1: the key
  in place k as often as 1/k. Each figure is the median of ${rounds} measurements of ${seconds} s after
  ${warmUpSeconds} s of warm-up; the rows of a table take turns, forwards and backwards.
- Every server is a Node process of its own, all started before the first measurement. Ours record each use, are
  started by the commands that users run, with their default settings, and write their logs to a file.
- Every row's answers are checked before it is loaded. An answer of the wrong kind or a failed socket under load is
  counted, and named below the table when there is one.
- The bare, \`pg\` and Prisma servers and the console run through tsx, and their memory includes its compiler process,
  about 20 MB. The verifier, better-auth and \`next start\` run without it.
- CPU is that of the server's process tree, and of all processes of PostgreSQL, in percent of one core. Memory is the
  largest resident set of the process tree under load.
- All of a team's members, roles and keys are made up as \`npm run seed\` does: 200 members in the usual roles, and
  active keys of those who may hold some. Before measuring, PostgreSQL has run \`vacuum analyze\` and \`checkpoint\`.
- Two verifiers are loaded by a \`wrk\` each, with 1 thread and 32 connections; p50 and p99 are the worse one's.
- A revocation is a committed UPDATE from a process that is neither verifier. With both verifiers under load and the
  same token on its way several times, it is presented to the second verifier as soon as the UPDATE is answered.
  Every acceptance after that is a wrong answer.
- Gateways run on the files of their pages in [gateways](gateways/README.md), nginx with one worker, in front of the bare
  server, and are loaded by a \`wrk\` with 1 thread and 16 connections. Each is measured without a question, asking a
  bare \`node:http\` server that answers 204 (the limit for anything it could ask), and asking the verifier. At the rate
  that passes a gateway, Node compiles later, so each is loaded for 24 s first.

To run it again: \`npm run bench:verify\` (Linux; about twenty minutes). \`-- --seconds 1 --rounds 1 --keys 2000\`
is a quick try that leaves this file alone; \`--tables 1,4\` and \`--only verifier\` measure less.`;
}
