import "server-only";
import { log } from "@/lib/log";
import { preparedStatement, runPrepared } from "@/lib/prepared-statement";
import { processWide } from "@/lib/process-wide";
import type { RequestContext } from "@/lib/request-context";
import { onShutdown } from "@/lib/shutdown";
import { usagePool } from "@/lib/verification/connections";
import type { DecisionCode } from "@/lib/verification/decide";
import { metrics } from "@/lib/verification/metrics";

/** What can be decided about a key that exists. */
export type KeyOutcome = Exclude<DecisionCode, "not_found">;
/** A key as far as it is counted. */
export type CountedKey = { id: string; team: { id: string } };
type Calls = RequestContext & { keyId: string; teamId: string; code: KeyOutcome; at: number; count: number };

const FLUSH_INTERVAL_MS = 1_000;
/** Keys and outcomes; beyond this the calls of further keys are not counted until the next flush. */
const MAX_PENDING = 100_000;
/** A flush is one statement up to here, so that neither side works on it for long at a time. */
const MAX_ROWS_A_STATEMENT = 4_000;

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
  private timer: NodeJS.Timeout | undefined;
  private flushing: Promise<void> | undefined;

  /** Notes one call of a key that exists; never throws and never waits. `at` is epoch milliseconds. */
  note(key: CountedKey, code: KeyOutcome, at: number, context: RequestContext): void {
    const { ip, userAgent } = context;
    this.add({ keyId: key.id, teamId: key.team.id, code, at, count: 1, ip, userAgent });
  }

  private add(calls: Calls): void {
    // Of two calls of one key in different hours the earlier counts for the later hour, at most a second off.
    const id = calls.code === "valid" ? calls.keyId : `${calls.keyId} ${calls.code}`;
    const known = this.pending.get(id);
    if (known) {
      merge(known, calls);
      return;
    }
    if (this.pending.size >= MAX_PENDING) {
      metrics.callsNotCounted(calls.count);
      return;
    }
    if (this.pending.size === 0) this.oldestAt = performance.now();
    this.pending.set(id, calls);
    this.timer ??= setTimeout(() => void this.flush(), FLUSH_INTERVAL_MS);
  }

  /** Writes what is pending. What can't be written stays pending for the next time. */
  async flush(): Promise<void> {
    // One after the other: a slow database gets no second flush on top of the first.
    while (this.flushing) await this.flushing;
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.pending.size === 0) return;
    const calls = [...this.pending.values()];
    this.pending = new Map();
    const oldestAt = this.oldestAt;
    this.flushing = this.write(calls).finally(() => {
      this.flushing = undefined;
      metrics.flushLag(performance.now() - oldestAt);
    });
    await this.flushing;
  }

  private async write(calls: Calls[]): Promise<void> {
    const parts: Calls[][] = [];
    for (let start = 0; start < calls.length; start += MAX_ROWS_A_STATEMENT) {
      parts.push(calls.slice(start, start + MAX_ROWS_A_STATEMENT));
    }
    for (let rows = parts.shift(); rows; rows = parts.shift()) {
      try {
        await runPrepared(usagePool, FLUSH, columnsOf(rows));
      } catch (error) {
        if (!isAboutTheRows(error)) {
          const left = [rows, ...parts].flat();
          log.warn({ err: String(error), rows: left.length }, "calls not written yet");
          for (const row of left) this.add(row);
          return;
        }
        // One row can spoil the statement for all: halving finds it, and the others are written.
        if (rows.length > 1) parts.unshift(rows.slice(0, rows.length / 2), rows.slice(rows.length / 2));
        else log.error({ err: String(error), keyId: rows[0]?.keyId }, "a key's calls can't be written");
      }
    }
  }
}

/** Data and integrity errors would come again with the same rows, for ever, and hold up all others. */
function isAboutTheRows(error: unknown): boolean {
  return /^2[23]/.test((error as { code?: string }).code ?? "");
}

function merge(into: Calls, calls: Calls): void {
  into.count += calls.count;
  if (calls.at < into.at) return;
  into.at = calls.at;
  into.ip = calls.ip;
  into.userAgent = calls.userAgent;
}

/** The parameters of {@link FLUSH} in PostgreSQL's text form: what needs no quotes gets none. */
function columnsOf(calls: Calls[]): unknown[] {
  const plain = (value: (call: Calls) => string | number) => `{${calls.map(value).join(",")}}`;
  return [
    plain(({ keyId }) => keyId),
    plain(({ code }) => code),
    plain(({ at }) => at),
    plain(({ count }) => count),
    plain(({ ip }) => (ip === null ? "NULL" : `"${ip}"`)),
    plain(({ userAgent }) => (userAgent === null ? "NULL" : quoted(userAgent))),
    plain(({ teamId }) => teamId),
  ];
}

/** A NUL, which PostgreSQL's text can't hold, can't come in a header; a request over HTTP is not the only caller. */
function quoted(text: string): string {
  return `"${text.replaceAll("\0", "").replace(/["\\]/g, "\\$&")}"`;
}

export const usage = processWide("usage", () => {
  const recorder = new UsageRecorder();
  onShutdown(() => recorder.flush());
  return recorder;
});
