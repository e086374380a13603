import { type Column, markdownTable } from "../../markdown-table.ts";
import { median } from "../../median.ts";
import { BARE, BETTER_AUTH } from "../contenders/contenders.ts";
import type { Question } from "../contenders/gateways.ts";
import type { GatewayRow } from "../tables/gateways.ts";
import type { Row } from "../tables/measure-all.ts";
import type { RevocationsTable } from "../tables/revocations.ts";
import type { ServersTable } from "../tables/servers.ts";
import { ZIPF_LABEL } from "../tables/sizes.ts";
import { count, milliseconds, NOTHING, RESOURCES, THROUGHPUT, timesOf } from "./figures.ts";

/** One table with its heading and notes. */
export type Section = { title: string; table: string; notes: string[]; wrongAnswers: number };

export function serversSection({ rows, leftOut }: ServersTable): Section {
  const find = (wanted: string) => rows.find(({ label }) => label === wanted);
  const shares = [timesOf("of bare", find(BARE), 2), timesOf("× better-auth", find(BETTER_AUTH), 1)];
  const missing = leftOut.map(({ label, reason }) => `Left out: ${label}, because ${reason}`);
  return {
    title: "Servers",
    table: markdownTable([labelled("server"), ...THROUGHPUT, ...RESOURCES, ...shares], rows),
    notes: [...missing, ...notesOnWrong(rows)],
    wrongAnswers: wrongIn(rows),
  };
}

/**
 * The first row is the limit; the databases follow by size, first with uniformly drawn keys, then with keys as used in
 * practice.
 */
export function sizesSection(rows: Row[]): Section {
  const [bare] = rows;
  const isZipf = (row: Row) => row.label.endsWith(ZIPF_LABEL);
  const cell = (row: Row) => {
    if (row === bare) return NOTHING;
    const smallest = rows.find((other) => other !== bare && isZipf(other) === isZipf(row));
    return timesOf("", smallest, 2).cell(row);
  };
  const shares = [timesOf("of bare", bare, 2), { name: "of the smallest", cell }];
  return {
    title: "Numbers of keys",
    table: markdownTable([labelled("verifier, `GET /me`"), ...THROUGHPUT, ...RESOURCES, ...shares], rows),
    notes: notesOnWrong(rows),
    wrongAnswers: wrongIn(rows),
  };
}

export function instancesSection(rows: Row[]): Section {
  return {
    title: "Verifier processes",
    table: markdownTable([labelled("`GET /me`"), ...THROUGHPUT, ...RESOURCES, timesOf("of one", rows[0], 2)], rows),
    notes: notesOnWrong(rows),
    wrongAnswers: wrongIn(rows),
  };
}

export function revocationsSection({ revocations, requestsPerSecond, wrongUnderLoad }: RevocationsTable): Section {
  const refused = spread(revocations.map(({ refusedAfterMs }) => refusedAfterMs));
  const usual = spread(revocations.map(({ usualAnswerMs }) => usualAnswerMs));
  const wrong = revocations.reduce((sum, { wrongAnswers }) => sum + wrongAnswers, 0);
  const rows = [
    { label: "from the revoke's answer to the first refusal", ...refused, wrong: String(wrong) },
    { label: "for comparison: an answer just before", ...usual, wrong: "" },
  ];
  const text = (name: string, cell: (row: (typeof rows)[number]) => string) => ({ name, cell });
  const table = markdownTable(
    [
      { ...text(`${revocations.length} revocations under load`, ({ label }) => label), isText: true },
      text("min ms", ({ min }) => milliseconds(min)),
      text("median ms", ({ middle }) => milliseconds(middle)),
      text("max ms", ({ max }) => milliseconds(max)),
      text("wrong answers", (row) => row.wrong),
    ],
    rows,
  );
  const load = `The load meanwhile: ${count(requestsPerSecond)} requests/s on two verifiers.`;
  const faults = wrongUnderLoad > 0 ? [`**${count(wrongUnderLoad)} wrong answers to the load.**`] : [];
  return { title: "Revocations", table, notes: [load, ...faults], wrongAnswers: wrong + wrongUnderLoad };
}

/** Each gateway's rows next to its own limits. */
export function gatewaysSection(rows: GatewayRow[]): Section {
  const share = (name: string, base: Question): Column<GatewayRow> => ({
    name,
    cell: (row) => {
      const limit = rows.find(({ gateway, question }) => gateway === row.gateway && question === base);
      return row.question === base ? NOTHING : timesOf(name, limit, 2).cell(row);
    },
  });
  const shares = [share("of no question", "without a question"), share("of a bare 204", "asks a bare 204")];
  return {
    title: "Gateways",
    table: markdownTable([labelled("gateway"), ...THROUGHPUT, ...shares], rows),
    notes: notesOnWrong(rows),
    wrongAnswers: wrongIn(rows),
  };
}

const labelled = (name: string): Column<Row> => ({ name, cell: ({ label }) => label, isText: true });

function wrongIn(rows: Row[]): number {
  return rows.reduce((sum, { wrong }) => sum + wrong, 0);
}

function notesOnWrong(rows: Row[]): string[] {
  return rows
    .filter(({ wrong }) => wrong > 0)
    .map(({ label, wrong }) => `**${label}: ${count(wrong)} wrong answers or failed sockets.**`);
}

function spread(values: number[]) {
  return { min: Math.min(...values), middle: median(values), max: Math.max(...values) };
}
