import { setInterval as every } from "node:timers/promises";
import type { LoadRequest } from "./load/load-request.ts";
import { type LoadResult, runWrk } from "./load/wrk.ts";
import { cpuTimeMs, residentMb } from "./processes/process-tree.ts";

/** A process that serves `origin`. */
export type RunningServer = { pid: number; origin: string };

export type LoadedServer = { server: RunningServer; request: LoadRequest; connections: number; threads: number };

export type Measurement = {
  requestsPerSecond: number;
  p50Ms: number;
  p99Ms: number;
  /** Of one core. */
  nodeCpuPercent: number;
  postgresCpuPercent: number;
  memoryMb: number;
  wrong: number;
};

export type Timing = { seconds: number; warmUpSeconds: number };

const MEMORY_SAMPLE_MS = 250;

/** Loads all servers at once, first to warm them up and then to measure. */
export async function measure(
  servers: readonly LoadedServer[],
  postgresPid: number,
  { seconds, warmUpSeconds }: Timing,
  stop: AbortSignal,
): Promise<Measurement> {
  const nodeTimeMs = () => sumOf(servers, ({ server }) => cpuTimeMs(server.pid));
  await load(servers, warmUpSeconds, stop);
  const before = { node: nodeTimeMs(), postgres: cpuTimeMs(postgresPid) };
  const memory = watchMemory(() => sumOf(servers, ({ server }) => residentMb(server.pid)));
  const results = await load(servers, seconds, stop);
  const used = { node: nodeTimeMs() - before.node, postgres: cpuTimeMs(postgresPid) - before.postgres };
  return { ...combine(results), ...shares(used, results), memoryMb: await memory.peakMb() };
}

/** Loads all servers at once for this long. */
export function load(servers: readonly LoadedServer[], seconds: number, stop: AbortSignal): Promise<LoadResult[]> {
  return Promise.all(
    servers.map(({ server, request, connections, threads }) =>
      runWrk(server.origin, request, { connections, threads, seconds }, stop),
    ),
  );
}

/** For servers loaded together: the sum of the requests, the worse of the latencies. */
function combine(results: LoadResult[]) {
  return {
    requestsPerSecond: sumOf(results, ({ requests, durationMs }) => (requests * 1_000) / durationMs),
    p50Ms: Math.max(...results.map(({ p50Ms }) => p50Ms)),
    p99Ms: Math.max(...results.map(({ p99Ms }) => p99Ms)),
    wrong: sumOf(results, ({ wrong }) => wrong),
  };
}

function shares(usedMs: { node: number; postgres: number }, results: LoadResult[]) {
  const durationMs = Math.max(...results.map((result) => result.durationMs));
  return { nodeCpuPercent: (usedMs.node * 100) / durationMs, postgresCpuPercent: (usedMs.postgres * 100) / durationMs };
}

function watchMemory(readMb: () => number) {
  const end = new AbortController();
  const watching = (async () => {
    let peakMb = readMb();
    try {
      for await (const _ of every(MEMORY_SAMPLE_MS, undefined, { signal: end.signal }))
        peakMb = Math.max(peakMb, readMb());
    } catch {
      // It has exited.
    }
    return peakMb;
  })();
  return {
    peakMb: () => {
      end.abort();
      return watching;
    },
  };
}

function sumOf<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((sum, item) => sum + value(item), 0);
}
