import { describeMachine } from "./machine.ts";
import { median } from "./median.ts";
import type { PageLoad } from "./page-load.ts";

/** What was measured of one page. */
export type PageReport = { label: string; firstBytes: number[]; loads: PageLoad[] };

type Row = { name: string; unit: "ms" | "kB"; value: (page: PageReport) => number };

const BYTES_PER_KB = 1_000;

const loadsMedian = (measure: (load: PageLoad) => number) => (page: PageReport) => median(page.loads.map(measure));

const FIRST_BYTE: Row = { name: "first byte", unit: "ms", value: (page) => median(page.firstBytes) };
const LOADED: Row = { name: "loaded (load event)", unit: "ms", value: loadsMedian(({ loaded }) => loaded) };
const PAINTED: Row = { name: "largest paint", unit: "ms", value: loadsMedian(({ largestPaint }) => largestPaint) };
const SCRIPTS: Row = { name: "JavaScript", unit: "kB", value: loadsMedian(({ scripts }) => scripts / BYTES_PER_KB) };
const DOCUMENT: Row = { name: "HTML", unit: "kB", value: loadsMedian(({ document }) => document / BYTES_PER_KB) };

/** Prints the medians of the pages side by side, and what the second comes to against the first and the last. */
export function printReport(pages: PageReport[]): void {
  const [small, large, bare] = pages;
  if (!small || !large || !bare) throw new RangeError("There must be three pages.");
  console.log(`\n${describeMachine()}`);
  console.log(`Medians of ${bare.firstBytes.length} requests and ${bare.loads.length} page loads, taken by turns:\n`);
  console.log(
    line(
      "",
      pages.map(({ label }) => label),
    ),
  );
  for (const { name, unit, value } of [FIRST_BYTE, LOADED, PAINTED, SCRIPTS, DOCUMENT]) {
    console.log(
      line(
        `${name}, ${unit}`,
        pages.map((page) => value(page).toFixed(1)),
      ),
    );
  }
  console.log("");
  for (const other of [small, bare]) {
    const ratios = [FIRST_BYTE, LOADED, PAINTED].map(
      (row) => `${row.name} ${ratio(row.value(large), row.value(other))}`,
    );
    console.log(`${large.label} against ${other.label}: ${ratios.join(", ")}`);
  }
  const above = SCRIPTS.value(large) - SCRIPTS.value(bare);
  console.log(`JavaScript above the ${bare.label}: ${above.toFixed(1)} kB compressed`);
}

function ratio(one: number, other: number): string {
  return `${(one / other).toFixed(2)} ×`;
}

function line(name: string, cells: string[]): string {
  return name.padEnd(24) + cells.map((cell) => cell.padStart(14)).join("");
}
