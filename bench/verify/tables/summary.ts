import { median } from "../../median.ts";
import type { Measurement } from "../measure.ts";

/** The median of each figure; wrong responses are added up, because even one matters. */
export function summarize(measurements: readonly Measurement[]): Measurement {
  const of = (figure: keyof Measurement) => median(measurements.map((measurement) => measurement[figure]));
  return {
    requestsPerSecond: of("requestsPerSecond"),
    p50Ms: of("p50Ms"),
    p99Ms: of("p99Ms"),
    nodeCpuPercent: of("nodeCpuPercent"),
    postgresCpuPercent: of("postgresCpuPercent"),
    memoryMb: of("memoryMb"),
    wrong: measurements.reduce((sum, { wrong }) => sum + wrong, 0),
  };
}
