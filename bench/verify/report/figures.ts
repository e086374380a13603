import type { Column } from "../../markdown-table.ts";
import type { Measurement } from "../measure.ts";

export const NOTHING = "–";

export const count = (value: number) => Math.round(value).toLocaleString("en");
export const milliseconds = (value: number) => value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);
const percent = (value: number) => `${Math.round(value)} %`;

export const THROUGHPUT: Column<Measurement>[] = [
  { name: "requests/s", cell: ({ requestsPerSecond }) => count(requestsPerSecond) },
  { name: "p50 ms", cell: ({ p50Ms }) => milliseconds(p50Ms) },
  { name: "p99 ms", cell: ({ p99Ms }) => milliseconds(p99Ms) },
];

/** CPU in percent of one core. */
export const RESOURCES: Column<Measurement>[] = [
  { name: "CPU Node", cell: ({ nodeCpuPercent }) => percent(nodeCpuPercent) },
  { name: "CPU PostgreSQL", cell: ({ postgresCpuPercent }) => percent(postgresCpuPercent) },
  { name: "memory MB", cell: ({ memoryMb }) => count(memoryMb) },
];

/** A row's requests relative to `base`; a dash without such a row. */
export function timesOf(name: string, base: Measurement | undefined, digits: number): Column<Measurement> {
  return {
    name,
    cell: ({ requestsPerSecond }) => (base ? (requestsPerSecond / base.requestsPerSecond).toFixed(digits) : NOTHING),
  };
}
