import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { watchForStop } from "../scripts/stop-request.ts";
import { readBusyCores, readCircumstances } from "./circumstances.ts";
import { findWrk } from "./verify/load/find-wrk.ts";
import { type Options, readOptions } from "./verify/options.ts";
import { prepareSite } from "./verify/prepare-site.ts";
import { chart } from "./verify/report/chart.ts";
import { CHART_FILE, type Circumstances, performanceDocument } from "./verify/report/performance-document.ts";
import {
  gatewaysSection,
  instancesSection,
  revocationsSection,
  type Section,
  serversSection,
  sizesSection,
} from "./verify/report/sections.ts";
import type { SeededDatabase } from "./verify/seed/seeded-database.ts";
import type { Site } from "./verify/site.ts";
import { measureGateways } from "./verify/tables/gateways.ts";
import { measureInstances } from "./verify/tables/instances.ts";
import { measureRevocations } from "./verify/tables/revocations.ts";
import { measureServers } from "./verify/tables/servers.ts";
import { measureSizes } from "./verify/tables/sizes.ts";
import type { CleanUp } from "./workplace.ts";

/**
 * `npm run bench:verify`: measures how many tokens per second are verified, next to Node, Next, PostgreSQL and others
 * on the same machine, and how soon a revocation takes effect. A full run writes docs/performance.md. Runs in a copy,
 * so the console and its data aren't touched.
 */
export default async function benchVerify(...words: string[]): Promise<void> {
  const options = readOptions(words);
  const { stop } = watchForStop();
  const tasks: (() => unknown)[] = [];
  try {
    await measureAndReport(options, stop, (task) => tasks.unshift(task));
  } catch (error) {
    // Whatever a stop interrupts fails; that isn't worth reporting.
    if (!stop.aborted) throw error;
    process.exitCode = 1;
  } finally {
    for (const task of tasks) await task();
  }
}

async function measureAndReport(options: Options, stop: AbortSignal, cleanUp: CleanUp): Promise<void> {
  findWrk();
  const busyCores = readBusyCores();
  const { site, databases } = await prepareSite(options, stop, cleanUp);
  const circumstances = await readCircumstances(site.database.url, busyCores);
  console.log(`\n${circumstances.machine}, PostgreSQL ${circumstances.postgresVersion}\n`);
  const report = await measureTables(options, site, databases);
  if (options.docs) writeDocs(options.docs, report, circumstances, options);
  else console.log("A quick try: docs/performance.md stays as it is.");
  if (report.sections.some(({ wrongAnswers }) => wrongAnswers > 0)) process.exitCode = 1;
}

type Report = { sections: Section[]; chart: string | undefined };

async function measureTables(options: Options, site: Site, databases: SeededDatabase[]): Promise<Report> {
  const report: Report = { sections: [], chart: undefined };
  const add = (section: Section) => {
    console.log(`\n${[section.title, section.table, ...section.notes].join("\n\n")}\n`);
    report.sections.push(section);
  };
  if (options.tables.has(1)) {
    const servers = await measureServers(options, site);
    add(serversSection(servers));
    report.chart = chart(servers.rows);
  }
  if (options.tables.has(2)) add(sizesSection(await measureSizes(databases, options, site)));
  if (options.tables.has(3)) add(instancesSection(await measureInstances(options, site)));
  if (options.tables.has(4)) add(revocationsSection(await measureRevocations(options, site)));
  if (options.tables.has(5)) add(gatewaysSection(await measureGateways(options, site)));
  return report;
}

function writeDocs(directory: string, report: Report, circumstances: Circumstances, options: Options): void {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, "performance.md"), performanceDocument(report.sections, circumstances, options));
  if (report.chart) writeFileSync(join(directory, CHART_FILE), report.chart);
  console.log(`✓ Written to ${join(directory, "performance.md")}`);
}
