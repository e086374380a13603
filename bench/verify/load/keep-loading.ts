import type { RunningServer } from "../measure.ts";
import type { LoadRequest } from "./load-request.ts";
import { runWrk } from "./wrk.ts";

export type KeptLoad = { requestsPerSecond: number; wrong: number };

const INTERVAL_SECONDS = 5;

/** Loads all servers at once, in intervals of a few seconds, until it is stopped. */
export function keepLoading(
  servers: readonly RunningServer[],
  request: LoadRequest,
  connectionsEach: number,
  stop: AbortSignal,
): { end: () => Promise<KeptLoad> } {
  let isEnding = false;
  const load = { connections: connectionsEach, threads: 1, seconds: INTERVAL_SECONDS };
  const run = async (): Promise<KeptLoad> => {
    const results = [];
    while (!isEnding)
      results.push(...(await Promise.all(servers.map(({ origin }) => runWrk(origin, request, load, stop)))));
    const rates = results.map(({ requests, durationMs }) => (requests * 1_000) / durationMs);
    return {
      requestsPerSecond: (rates.reduce((sum, rate) => sum + rate, 0) * servers.length) / rates.length,
      wrong: results.reduce((sum, { wrong }) => sum + wrong, 0),
    };
  };
  const finished = run();
  // An error is reported when the caller awaits the end; until then it has no handler.
  finished.catch(() => {});
  return {
    end: () => {
      isEnding = true;
      return finished;
    },
  };
}
