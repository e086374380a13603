import { describeMachine } from "../machine.ts";
import { type Column, markdownTable } from "../markdown-table.ts";
import { median } from "../median.ts";
import type { PageLoad } from "../page-load.ts";
import type { AnswerTime, Question } from "./answer-time.ts";
import type { Pair, Questions } from "./questions.ts";

/** The measurements of each request. */
export type Findings = { answers: Map<Question, AnswerTime[]>; loads: Map<Question, PageLoad[]> };

const BYTES_PER_KB = 1_000;

const ms = (value: number) => value.toFixed(1);
const kb = (bytes: number) => (bytes / BYTES_PER_KB).toFixed(0);
const times = (one: number, other: number) => `${(one / other).toFixed(2)} ×`;

/** docs/performance-console.md: the results of one run, and how to repeat it. */
export function consoleDocument(questions: Questions, findings: Findings, busyCores: number): string {
  const { bare, keys, pages, lists, bareList, rest } = questions;
  const answer = (question: Question, what: keyof AnswerTime) =>
    median((findings.answers.get(question) ?? []).map((time) => time[what]));
  const load = (question: Question, what: keyof PageLoad) =>
    median((findings.loads.get(question) ?? []).map((one) => one[what]));
  const whole = (question: Question) => answer(question, "whole");

  const visits: Column<{ label: string; question: Question }>[] = [
    { name: "", cell: ({ label }) => label, isText: true },
    { name: "first byte ms", cell: ({ question }) => ms(answer(question, "firstByte")) },
    { name: "last byte ms", cell: ({ question }) => ms(whole(question)) },
    { name: "of the bare page", cell: ({ question }) => times(whole(question), whole(bare)) },
    { name: "loaded ms", cell: ({ question }) => ms(load(question, "loaded")) },
    { name: "largest paint ms", cell: ({ question }) => ms(load(question, "largestPaint")) },
    { name: "JavaScript kB", cell: ({ question }) => kb(load(question, "scripts")) },
    { name: "HTML kB", cell: ({ question }) => kb(load(question, "document")) },
  ];
  const compared: Column<Pair>[] = [
    { name: "", cell: ({ label }) => label, isText: true },
    { name: "100 keys ms", cell: ({ few }) => ms(whole(few)) },
    { name: "100,000 keys ms", cell: ({ many }) => ms(whole(many)) },
    { name: "times", cell: ({ few, many }) => times(whole(many), whole(few)) },
  ];
  const besideBare: Column<Pair>[] = [
    { name: "of the bare page", cell: ({ many }) => times(whole(many), whole(bare)) },
    {
      name: "JavaScript above it kB",
      cell: ({ many }) => kb(load(many, "scripts") - load(bare, "scripts")),
    },
  ];
  const overHttp: Column<Question>[] = [
    { name: "", cell: ({ label }) => label, isText: true },
    { name: "ms", cell: (question) => ms(whole(question)) },
    { name: "of the bare handler", cell: (question) => times(whole(question), whole(bareList)) },
  ];

  return `# Performance of the console

Written by \`npm run bench\`; don't edit it by hand. All figures are from one run on one machine, shared by the
browser, the console and PostgreSQL: **compare figures within a table, not between runs.**

${describeMachine()}. Load from other programs before the start: ${busyCores.toFixed(1)}.

## The API keys page, next to a bare page of the same build

${markdownTable(visits, [
  { label: "bare page", question: bare },
  { label: "My keys, team with 100 keys", question: keys.few },
  { label: "My keys, team with 100,000 keys", question: keys.many },
])}

## Every page, with 100 and with 100,000 keys in the team

${markdownTable([...compared, ...besideBare], [keys, ...pages])}

## Lists, searches and filters of all keys

${markdownTable(compared, lists)}

A list that has scanned several thousand keys without filling its page shows the matches so far, says so, and continues on
request.

## Management over HTTP, in a team with 100,000 keys

${markdownTable(overHttp, [bareList, ...rest])}

## How it is measured

- Medians of up to ${findings.answers.get(bare)?.length ?? 0} responses, compressed, read to their last byte over one connection; compared subjects
  alternate, forwards and backwards. Pages are streamed: the first byte is from the shell.
- A page load is a first visit in headless Chromium with an empty cache; JavaScript and HTML are compressed bytes.
- The teams are filled with the code of \`npm run seed\`, in one database. The visitor is an Admin who owns about half of the
  personal keys, far more than a real user would.
- The bare page contains one sentence; the bare handler returns twenty rows of one prepared query, without authentication.
`;
}
