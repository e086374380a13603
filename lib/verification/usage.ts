import "server-only";
import { preparedStatement } from "@/lib/prepared-statement";
import { processWide } from "@/lib/process-wide";
import type { RequestContext } from "@/lib/request-context";
import { onShutdown } from "@/lib/shutdown";
import { plainColumn, textColumn } from "@/lib/verification/array-columns";
import type { DecisionCode } from "@/lib/verification/decide";
import { Flusher } from "@/lib/verification/flusher";
import { metrics } from "@/lib/verification/metrics";
import { writeRows } from "@/lib/verification/write-rows";

/** What can be decided about a key that exists. */
export type KeyOutcome = Exclude<DecisionCode, "not_found">;
/** A key as far as it is counted. */
export type CountedKey = { id: string; team: { id: string } };
type Calls = RequestContext & { keyId: string; teamId: string; code: KeyOutcome; at: number; count: number };

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
      date_trunc('hour', to_timestamp(at_ms / 1000), 'UTC') as hour
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
  private pending = new Map<string, Calls>();
  private oldestAt = 0;
  private readonly flusher = new Flusher(FLUSH_INTERVAL_MS, () => this.writePending());

  /** Notes one call of a key that exists; never throws and never waits. `at` is epoch milliseconds. */
  note(key: CountedKey, code: KeyOutcome, at: number, { ip, userAgent }: RequestContext): void {
    const id = pendingId(key.id, code);
    const known = this.pending.get(id);
    if (known) addCalls(known, 1, at, ip, userAgent);
    else this.keep(id, { keyId: key.id, teamId: key.team.id, code, at, count: 1, ip, userAgent });
  }

  /** Writes what is pending. What can't be written stays pending for the next time. */
  flush(): Promise<void> {
    return this.flusher.flush();
  }

  private keep(id: string, calls: Calls): void {
    if (this.pending.size >= MAX_PENDING) {
      metrics.callsNotCounted(calls.count);
      return;
    }
    if (this.pending.size === 0) this.oldestAt = performance.now();
    this.pending.set(id, calls);
    this.flusher.schedule();
  }

  private async writePending(): Promise<void> {
    if (this.pending.size === 0) return;
    const calls = [...this.pending.values()];
    this.pending = new Map();
    const oldestAt = this.oldestAt;
    for (const left of await writeRows(FLUSH, columnsOf, calls)) this.putBack(left);
    metrics.flushLag(performance.now() - oldestAt);
  }

  private putBack(left: Calls): void {
    const id = pendingId(left.keyId, left.code);
    const known = this.pending.get(id);
    if (known) addCalls(known, left.count, left.at, left.ip, left.userAgent);
    else this.keep(id, left);
  }
}

/** Of two calls of one key in different hours the earlier counts for the later hour, at most a second off. */
function pendingId(keyId: string, code: KeyOutcome): string {
  return code === "valid" ? keyId : `${keyId} ${code}`;
}

function addCalls(to: Calls, count: number, at: number, ip: string | null, userAgent: string | null): void {
  to.count += count;
  if (at < to.at) return;
  to.at = at;
  to.ip = ip;
  to.userAgent = userAgent;
}

/** The parameters of {@link FLUSH}. */
function columnsOf(calls: Calls[]): unknown[] {
  return [
    plainColumn(calls, ({ keyId }) => keyId),
    plainColumn(calls, ({ code }) => code),
    plainColumn(calls, ({ at }) => at),
    plainColumn(calls, ({ count }) => count),
    textColumn(calls, ({ ip }) => ip),
    textColumn(calls, ({ userAgent }) => userAgent),
    plainColumn(calls, ({ teamId }) => teamId),
  ];
}

export const usage = processWide("usage", () => {
  const recorder = new UsageRecorder();
  onShutdown(() => recorder.flush());
  return recorder;
});
