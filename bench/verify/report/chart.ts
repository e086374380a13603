import { OURS } from "../contenders/contenders.ts";
import type { Row } from "../tables/measure-all.ts";
import { count } from "./figures.ts";

const WIDTH = 860;
const LABELS_WIDTH = 290;
const BARS_WIDTH = 480;
const ROW_HEIGHT = 28;
const BAR_HEIGHT = 18;
const TOP = 52;
const MARGIN = 20;

/** With its own background, so that it is readable on any page. */
const STYLE = `
  .ground { fill: #ffffff; stroke: #d0d7de } text { font: 13px system-ui, sans-serif; fill: #1f2328 }
  .title { font-weight: 600 } .other { fill: #8c959f } .ours { fill: #0969da }
  @media (prefers-color-scheme: dark) {
    .ground { fill: #0d1117; stroke: #3d444d } text { fill: #f0f6fc } .other { fill: #656c76 } .ours { fill: #4493f8 }
  }`;

/** The requests/s of each row as bars, ours in color. */
export function chart(rows: readonly Row[]): string {
  const height = TOP + rows.length * ROW_HEIGHT + MARGIN / 2;
  const most = Math.max(...rows.map(({ requestsPerSecond }) => requestsPerSecond));
  const ours = new Set(OURS.map(({ label }) => label));
  const bars = rows.map((row, place) => bar(row, TOP + place * ROW_HEIGHT, most, ours.has(row.label)));
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img">
<title>Requests per second by server</title>
<style>${STYLE}
</style>
<rect class="ground" x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="6"/>
<text class="title" x="${MARGIN}" y="30">Requests per second, 64 connections, random tokens</text>
${bars.join("\n")}
</svg>
`;
}

function bar({ label, requestsPerSecond }: Row, y: number, most: number, isOurs: boolean): string {
  const length = Math.max(1, (requestsPerSecond / most) * BARS_WIDTH);
  const baseline = y + BAR_HEIGHT - 4;
  const end = MARGIN + LABELS_WIDTH + length;
  return [
    `<text x="${MARGIN}" y="${baseline}">${escapeXml(label.replaceAll("`", ""))}</text>`,
    `<rect class="${isOurs ? "ours" : "other"}" x="${MARGIN + LABELS_WIDTH}" y="${y}" width="${length.toFixed(1)}" height="${BAR_HEIGHT}" rx="2"/>`,
    `<text x="${(end + 8).toFixed(1)}" y="${baseline}">${count(requestsPerSecond)}</text>`,
  ].join("");
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
