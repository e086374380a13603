import "server-only";
import { log } from "@/lib/log";
import { processWide } from "@/lib/process-wide";
import type { EndpointName } from "@/lib/verification/metrics";

/** An anonymous caller must not be able to flood the log; the metrics count all refusals. */
const MAX_LINES_A_SECOND = 50;

/** Lower, because each line carries a stack and the same request may be repeated. */
const MAX_FAILURES_A_SECOND = 5;

const budget = processWide("refusalLogBudget", () => ({ second: 0, refusals: 0, outages: 0, failures: 0 }));

type LoggedRefusal = {
  requestId: string;
  endpoint: EndpointName;
  code: string;
  keyId: string | undefined;
  ip: string | null;
};

/** One line per refusal, so that a request can be found by its id. */
export function logRefusal(refusal: LoggedRefusal): void {
  startSecond();
  budget.refusals++;
  if (budget.refusals <= MAX_LINES_A_SECOND) log.info(refusal, "refused");
}

/** One line a second while the database is unavailable, not one per request. */
export function logUnavailable(error: unknown): void {
  if ((error as { isLogged?: true }).isLogged) return;
  startSecond();
  budget.outages++;
  if (budget.outages === 1) log.error({ err: String(error) }, "verification unavailable");
}

/** An error in Latchkey itself, with its stack. */
export function logFailure(
  error: unknown,
  { requestId, endpoint }: Pick<LoggedRefusal, "requestId" | "endpoint">,
): void {
  startSecond();
  budget.failures++;
  if (budget.failures <= MAX_FAILURES_A_SECOND) log.error({ err: error, requestId, endpoint }, "verification failed");
}

function startSecond(): void {
  const second = Math.floor(performance.now() / 1_000);
  if (second === budget.second) return;
  const unlogged = budget.refusals - MAX_LINES_A_SECOND;
  if (unlogged > 0) log.info({ count: unlogged }, "more denied requests");
  budget.second = second;
  budget.refusals = 0;
  budget.outages = 0;
  budget.failures = 0;
}
