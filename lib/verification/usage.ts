import "server-only";
import { preparedStatement } from "@/lib/prepared-statement";
import { processWide } from "@/lib/process-wide";
import type { RequestContext } from "@/lib/request-context";
import { onShutdown } from "@/lib/shutdown";
import { Flusher } from "@/lib/verification/flusher";
import { insights } from "@/lib/verification/insights";
import { metrics } from "@/lib/verification/metrics";
import { type AlikeCalls, type Calls, type KeyOutcome, PendingCalls } from "@/lib/verification/pending-calls";
import { writeRows } from "@/lib/verification/write-rows";

/** A key as far as it is counted. */
export type CountedKey = { id: string; team: { id: string } };

const FLUSH_INTERVAL_MS = 1_000;
/** Keys and outcomes; beyond this the calls of further keys are not counted until the next flush. */
const MAX_PENDING = 100_000;

/**
 * Accepted calls: the latest one only ever moves forwards, whoever writes first, and the hour's
 * count starts anew with a later hour (a trigger keeps the old one). Refused calls go straight to
 * their hour. Rows are written in the order of their ids: two processes that flush the same keys
 * wait for each other, and never in a circle.
 */
const FLUSH_TEXT = `
  with calls as (
    select key_id, code, to_timestamp(at_ms / 1000) as at, count, ip, user_agent, team_id,
      to_timestamp(floor(at_ms / 3600000) * 3600) as hour
    from unnest($1::uuid[], $2::text[], $3::float8[], $4::int[], $5::text[], $6::text[], $7::uuid[])
      as c (key_id, code, at_ms, count, ip, user_agent, team_id)
  ), refused as (
    insert into api_key_hours as h (key_id, hour, code, calls, last_at, last_ip)
    select key_id, hour, code, count, at, ip from calls where code <> 'valid' order by key_id, code
    on conflict (key_id, hour, code) do update set
      calls = h.calls + excluded.calls,
      last_at = greatest(h.last_at, excluded.last_at),
      last_ip = case when excluded.last_at >= h.last_at then excluded.last_ip else h.last_ip end
  )
  insert into api_key_usage as u (key_id, team_id, last_used_at, last_used_ip, last_used_user_agent, hour, calls)
  select key_id, team_id, at, ip, user_agent, hour, count from calls where code = 'valid' order by key_id
  on conflict (key_id) do update set
    last_used_at = greatest(u.last_used_at, excluded.last_used_at),
    last_used_ip = case when excluded.last_used_at >= u.last_used_at then excluded.last_used_ip else u.last_used_ip end,
    last_used_user_agent = case when excluded.last_used_at >= u.last_used_at
      then excluded.last_used_user_agent else u.last_used_user_agent end,
    hour = greatest(u.hour, excluded.hour),
    calls = case when excluded.hour > u.hour then excluded.calls else u.calls + excluded.calls end`;

const FLUSH = preparedStatement("usage", FLUSH_TEXT);

/**
 * Counts the calls of each key and writes them about once a second, so that no request waits for
 * it. At most that second is lost when the process is killed; the counts say what happened, they
 * decide nothing.
 */
class UsageRecorder {
  private pending: PendingCalls;
  /** What is being written, else empty: the two take turns. */
  private written: PendingCalls;
  private oldestAt = 0;
  private readonly flusher = new Flusher(FLUSH_INTERVAL_MS, () => this.writePending());

  /** `tell` is told of all accepted calls too, those that are alike together. */
  constructor(tell: (calls: AlikeCalls) => void) {
    this.pending = new PendingCalls(MAX_PENDING, tell);
    this.written = new PendingCalls(MAX_PENDING, tell);
  }

  /**
   * Notes one call of a key that exists, and the scopes that were asked for; never throws and never waits. `at` is epoch
   * milliseconds.
   */
  note(key: CountedKey, code: KeyOutcome, at: number, context: RequestContext, scopes: readonly string[] = []): void {
    const { ip, userAgent } = context;
    const { id: keyId, team } = key;
    const scopesAsked = code === "valid" && scopes.length > 0 ? scopes.join(" ") : null;
    const untold = code === "valid" ? 1 : 0;
    this.keep({ keyId, teamId: team.id, code, at, count: 1, ip, userAgent, scopes: scopesAsked, firstAt: at, untold });
  }

  /** Writes what is pending. What can't be written stays pending for the next time. */
  flush(): Promise<void> {
    return this.flusher.flush();
  }

  private keep(calls: Calls): void {
    if (this.pending.size === 0) this.oldestAt = performance.now();
    if (this.pending.add(calls)) this.flusher.schedule();
    else metrics.callsNotCounted(calls.count);
  }

  private async writePending(): Promise<void> {
    const { pending: calls, oldestAt } = this;
    if (calls.size === 0) return;
    this.pending = this.written;
    this.written = calls;
    const rows = Array.from({ length: calls.size }, (_, row) => row);
    const columnsOf = (some: number[]) => {
      calls.tellRows(some);
      return calls.columnsOf(some);
    };
    for (const left of await writeRows(FLUSH, columnsOf, rows, (row) => calls.get(row).keyId)) {
      this.keep(calls.get(left));
    }
    calls.clear();
    metrics.flushLag(performance.now() - oldestAt);
  }
}

export const usage = processWide("usage", () => {
  const recorder = new UsageRecorder((calls) => insights.note(calls));
  onShutdown(() => recorder.flush());
  return recorder;
});
