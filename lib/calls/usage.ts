import "server-only";
import { log } from "@/lib/log";
import { processWide } from "@/lib/process-wide";
import type { RequestContext } from "@/lib/request-context";
import { onShutdown } from "@/lib/shutdown";
import { CallJournal } from "@/lib/calls/call-journal";
import type { Calls, KeyOutcome } from "@/lib/calls/call-rows";
import { COUNT_CALLS } from "@/lib/calls/count-calls";
import { Flusher } from "@/lib/calls/flusher";
import { insights } from "@/lib/calls/insights";
import { metrics } from "@/lib/verification/metrics";
import { type AlikeCalls, PendingCalls } from "@/lib/calls/pending-calls";
import { wasNotRun, writeRows } from "@/lib/calls/write-rows";

/** A key as far as it is counted. */
export type CountedKey = { id: string; team: { id: string } };

const FLUSH_INTERVAL_MS = 1_000;
/** Keys and outcomes; beyond this the calls of further keys are not counted until the next flush. */
const MAX_PENDING = 100_000;
/** So many keys and outcomes of a second are counted at once. More go to the journal first. */
const MAX_AT_ONCE = 2_000;

/**
 * Counts the calls of each key and writes them about once a second, so that no request waits for
 * it. At most that second is lost when the process is killed; the counts say what happened, they
 * decide nothing.
 */
class UsageRecorder {
  private pending: PendingCalls;
  /** What is being written, else empty: the two take turns. */
  private written: PendingCalls;
  /** Since when the oldest of the pending calls waits, and the oldest of those that are being written. */
  private pendingSince = Number.POSITIVE_INFINITY;
  private writtenSince = Number.POSITIVE_INFINITY;
  readonly journal: CallJournal;
  /** Nobody has said yet whether what is being written is in the journal. */
  private isUnsure = false;
  private readonly flusher = new Flusher(FLUSH_INTERVAL_MS, () => this.writePending());

  /** `tell` is told of all accepted calls too, those that are alike together. */
  constructor(tell: (calls: AlikeCalls) => void) {
    this.pending = new PendingCalls(MAX_PENDING, tell);
    this.written = new PendingCalls(MAX_PENDING, tell);
    this.journal = new CallJournal(tell);
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

  /** Counts what is pending and what is in the journal. What can't be counted stays for the next time. */
  async flush(): Promise<void> {
    await this.flusher.flush();
    if (!this.journal.isEmpty) await this.flusher.flush();
  }

  /** How long the oldest call that isn't written yet has waited; 0 when none waits. */
  lagMs(): number {
    return Math.max(0, performance.now() - Math.min(this.pendingSince, this.writtenSince));
  }

  private keep(calls: Calls): void {
    if (this.pending.size === 0) this.pendingSince = performance.now();
    if (this.pending.add(calls)) this.flusher.schedule();
    else metrics.callsNotCounted(calls.count);
  }

  private async writePending(): Promise<void> {
    if (this.isUnsure && !(await this.findOut())) return;
    const { pending: calls } = this;
    this.pending = this.written;
    this.written = calls;
    this.writtenSince = this.pendingSince;
    this.pendingSince = Number.POSITIVE_INFINITY;
    const isMuch = calls.size > MAX_AT_ONCE;
    const left = isMuch ? await this.writeDown(calls) : await this.count(calls);
    if (this.isUnsure) return;
    this.putBack(left);
    if (isMuch) await this.journal.countSome();
    else await this.journal.countAll();
    if (!this.journal.isEmpty) this.flusher.schedule();
  }

  /** Ends a writing: these rows of it are pending again, and have waited since they first were. */
  private putBack(rows: number[]): void {
    for (const row of rows) this.keep(this.written.get(row));
    if (rows.length > 0) this.pendingSince = Math.min(this.pendingSince, this.writtenSince);
    this.writtenSince = Number.POSITIVE_INFINITY;
    this.written.clear();
  }

  /** Counts calls with their keys at once. Returns the rows that are left. */
  private async count(calls: PendingCalls): Promise<number[]> {
    const columnsOf = (some: number[]) => {
      calls.tellRows(some);
      return calls.columnsOf(some);
    };
    return writeRows(COUNT_CALLS, columnsOf, allRowsOf(calls), (row) => calls.get(row).keyId);
  }

  /** Writes calls into the journal, to be counted later; if it takes none, counts them at once. Returns the rows that are left. */
  private async writeDown(calls: PendingCalls): Promise<number[]> {
    try {
      await this.journal.append(calls);
    } catch (error) {
      log.warn({ err: String(error), rows: calls.size }, "calls not written down yet");
      if (wasNotRun(error)) return this.count(calls);
      this.isUnsure = true;
      this.flusher.schedule();
    }
    return [];
  }

  /** Whether calls whose writing had no answer are in the journal; if not, they are pending again. False as long as nobody can say. */
  private async findOut(): Promise<boolean> {
    const { written: calls } = this;
    try {
      const isWritten = await this.journal.isWritten(calls);
      this.putBack(isWritten ? [] : allRowsOf(calls));
      this.isUnsure = false;
    } catch (error) {
      log.warn({ err: String(error), rows: calls.size }, "not known yet whether calls were written down");
      this.flusher.schedule();
    }
    return !this.isUnsure;
  }
}

const allRowsOf = ({ size }: PendingCalls) => Array.from({ length: size }, (_, row) => row);

export const usage = processWide("usage", () => {
  const recorder = new UsageRecorder((calls) => insights.note(calls));
  metrics.watchFlushLag(() => recorder.lagMs());
  onShutdown(() => recorder.flush());
  return recorder;
});
