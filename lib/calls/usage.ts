import "server-only";
import { COUNT_CALLS } from "@/lib/calls/count-calls";
import { insights, type KeyUse } from "@/lib/calls/insights";
import { storedText } from "@/lib/calls/stored-text";
import { WriteBehind } from "@/lib/calls/write-behind";
import { writeRows } from "@/lib/calls/write-rows";
import type { RequestContext } from "@/lib/http/request-context";
import { processWide } from "@/lib/process-wide";
import { onShutdown } from "@/lib/shutdown";
import type { DecisionCode } from "@/lib/verification/decide";
import { metrics } from "@/lib/verification/metrics";

/** The parts of a key that counting its calls needs. */
export type CountedKey = { id: string; team: { id: string } };

/** The possible decisions about an existing key. */
export type KeyOutcome = Exclude<DecisionCode, "not_found">;

/**
 * Calls of one key with one outcome; `at` (epoch milliseconds) and the context are the latest call's. `uses` are the
 * accepted calls, grouped by address and scopes, until they are passed to the insights.
 */
type CallCount = RequestContext & {
  keyId: string;
  teamId: string;
  code: KeyOutcome;
  calls: number;
  at: number;
  uses: KeyUse[];
};

const FLUSH_INTERVAL_MS = 1_000;
/** Under heavy load, each key in use costs one row per this interval instead of one per second. */
const MAX_FLUSH_INTERVAL_MS = 10_000;
/** Heavy load: more rows than the database can easily take per second. */
const HEAVY_LOAD_COUNTS = 2_000;
/** Pairs of key and outcome; beyond this, calls of further keys are not counted until the next flush. */
const MAX_PENDING = 100_000;
const MAX_USES = 16;

/**
 * Counts the calls of each key and flushes them every second, under heavy load every ten, so that no request waits for
 * it. A killed process loses the counts since the last flush, which no decision depends on.
 */
class UsageRecorder {
  private readonly counts = new WriteBehind<CallCount>({
    capacity: MAX_PENDING,
    intervalMs: FLUSH_INTERVAL_MS,
    isDue: (counts, waitedMs) => counts <= HEAVY_LOAD_COUNTS || waitedMs >= MAX_FLUSH_INTERVAL_MS,
    idOf: ({ keyId, code }) => idOf(keyId, code),
    merge: addEarlier,
    write: (counts) => {
      for (const count of counts) handOverUses(count);
      return writeRows(COUNT_CALLS, columnsOf, counts, ({ keyId }) => keyId);
    },
    onDrop: ({ calls }) => metrics.callsNotCounted(calls),
  });

  /**
   * Counts one call of an existing key, with the requested scopes; never throws and never waits. `at` is epoch
   * milliseconds.
   */
  note(key: CountedKey, code: KeyOutcome, at: number, context: RequestContext, scopes: readonly string[] = []): void {
    const id = idOf(key.id, code);
    const count = this.counts.find(id);
    if (count) addCall(count, at, context, scopes);
    else this.counts.add(id, firstCall(key, code, at, context, scopes));
  }

  /** Writes the buffer. Items that can't be written stay in it for the next flush. */
  flush(): Promise<void> {
    return this.counts.flush();
  }

  /** Age of the oldest call not written yet; 0 if there is none. */
  lagMs(): number {
    return this.counts.lagMs();
  }
}

const idOf = (keyId: string, code: KeyOutcome) => (code === "valid" ? keyId : `${keyId} ${code}`);

function firstCall(
  { id, team }: CountedKey,
  code: KeyOutcome,
  at: number,
  { ip, userAgent }: RequestContext,
  scopes: readonly string[],
): CallCount {
  const uses = code === "valid" ? [{ keyId: id, ip, userAgent, scopes, firstAt: at, at, calls: 1 }] : NO_USES;
  return { keyId: id, teamId: team.id, code, calls: 1, at, ip, userAgent, uses };
}

const NO_USES: KeyUse[] = [];

function addCall(count: CallCount, at: number, context: RequestContext, scopes: readonly string[]): void {
  count.calls++;
  if (at >= count.at) {
    count.at = at;
    count.ip = context.ip;
    count.userAgent = context.userAgent;
  }
  if (count.code === "valid") addUse(count, at, context, scopes);
}

function addUse(count: CallCount, at: number, { ip, userAgent }: RequestContext, scopes: readonly string[]): void {
  for (const use of count.uses) {
    if (use.ip !== ip || !isSameList(use.scopes, scopes)) continue;
    use.calls++;
    if (at >= use.at) {
      use.at = at;
      use.userAgent = userAgent;
    } else if (at < use.firstAt) use.firstAt = at;
    return;
  }
  if (count.uses.length >= MAX_USES) handOverUses(count);
  count.uses.push({ keyId: count.keyId, ip, userAgent, scopes, firstAt: at, at, calls: 1 });
}

const isSameList = (one: readonly string[], other: readonly string[]) =>
  one.length === other.length && one.every((text, place) => text === other[place]);

function handOverUses(count: CallCount): void {
  if (count.uses.length === 0) return;
  for (const use of count.uses) insights.note(use);
  count.uses = [];
}

/** Adds earlier calls whose write failed. */
function addEarlier(count: CallCount, earlier: CallCount): void {
  count.calls += earlier.calls;
  if (earlier.at <= count.at) return;
  count.at = earlier.at;
  count.ip = earlier.ip;
  count.userAgent = earlier.userAgent;
}

function columnsOf(counts: CallCount[]): unknown[] {
  return [
    counts.map(({ keyId }) => keyId),
    counts.map(({ code }) => code),
    counts.map(({ at }) => at),
    counts.map(({ calls }) => calls),
    counts.map(({ ip }) => storedText(ip)),
    counts.map(({ userAgent }) => storedText(userAgent)),
    counts.map(({ teamId }) => teamId),
  ];
}

export const usage = processWide("usage", () => {
  const recorder = new UsageRecorder();
  metrics.watchFlushLag(() => recorder.lagMs());
  onShutdown(() => recorder.flush());
  return recorder;
});
