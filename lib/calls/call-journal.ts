import "server-only";
import { randomUUID } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";
import { log } from "@/lib/log";
import { preparedStatement, runPrepared } from "@/lib/prepared-statement";
import { CallRows, LAYOUT, type WrittenRows } from "@/lib/calls/call-rows";
import { usagePool } from "@/lib/verification/connections";
import { COUNT_CALLS, COUNT_JOURNALLED_CALLS } from "@/lib/calls/count-calls";
import { metrics } from "@/lib/verification/metrics";
import { type AlikeCalls, PendingCalls } from "@/lib/calls/pending-calls";
import { isAboutTheRows, wasNotRun, writeRows } from "@/lib/calls/write-rows";

/** Keys are counted in so many shares, by the last byte of their ids, which is random. */
const SHARES = 64;
/** So many shares have their turn in a second: all have had it after half a minute. */
const SHARES_A_SECOND = 2;
/** A share with so many rows, or texts of theirs, doesn't wait for its turn. There is room for what a second more may bring. */
const FULL_ROWS = 1_800;
const SHARE_ROWS = 4_096;
const ALL_SHARES = Array.from({ length: SHARES }, (_, share) => share);
/** What is done of a second's rows before requests have their turn. */
const ROWS_A_TURN = 2_000;
const HOUR_MS = 3_600_000;

const OPEN = preparedStatement(
  "open-call-journal",
  "insert into call_journals (id, layout, merged) values ($1, $2, $3::int[])",
);
const APPEND = preparedStatement(
  "append-to-call-journal",
  `with journal as (update call_journals set kept_at = now() where id = $1 and epoch = $2 returning id)
   insert into call_journal_entries (journal_id, seq, rows, shared) select id, $3, $4, $5 from journal returning seq`,
);
const DROP_ENTRIES = preparedStatement(
  "drop-call-journal-entries",
  "delete from call_journal_entries where journal_id = $1 and seq <= $2",
);
/** Waits for an entry that is still being written; after it, none can be under the old epoch. */
const FENCE = preparedStatement(
  "fence-call-journal",
  "update call_journals set epoch = epoch + 1, kept_at = now() where id = $1 and epoch = $2 returning epoch::int",
);
const FIND_ENTRY = preparedStatement(
  "find-call-journal-entry",
  "select seq from call_journal_entries where journal_id = $1 and seq = $2",
);
const CLOSE = preparedStatement("close-call-journal", "delete from call_journals where id = $1 and epoch = $2");

/** A journal as the database knows it. */
export type JournalRecord = { id: string; epoch: number; merged: number[] };

/**
 * Writes down the calls of a second at once, as they are, and counts them with their keys later: where most keys are used
 * again and again, that is one row each in half a minute instead of one each second. What is written down isn't lost with
 * this process: another takes the journal over, and then this one can't count from it any more.
 */
export class CallJournal {
  private record: JournalRecord | null = null;
  private seq = 0;
  /** Entries up to here are no longer there. */
  private dropped = 0;
  private turn = 0;
  private hour = 0;
  private shares: PendingCalls[] = [];

  constructor(private readonly tell: (calls: AlikeCalls) => void) {}

  /** A journal that was taken over, with what is not counted of it. */
  static async takenOver(
    record: JournalRecord,
    entries: AsyncIterable<WrittenRows & { seq: number }>,
    tell: (calls: AlikeCalls) => void,
  ): Promise<CallJournal> {
    const journal = new CallJournal(tell);
    journal.begin(record);
    for await (const { seq, ...written } of entries) {
      journal.seq = seq;
      await journal.takeIn(CallRows.read(written));
    }
    return journal;
  }

  get id(): string | undefined {
    return this.record?.id;
  }

  get isEmpty(): boolean {
    return this.record === null;
  }

  /** Writes these calls down. After a rejection with an error that {@link wasNotRun} they aren't, else {@link isWritten} knows. */
  async append(calls: CallRows): Promise<void> {
    await this.countBeforeNewHour();
    const { id, epoch } = this.record ?? (await this.open());
    const seq = ++this.seq;
    const { rows, shared } = calls.written();
    const appended = await runPrepared(usagePool, APPEND, [id, epoch, seq, rows, shared]);
    if (appended.length > 0) return this.takeIn(calls);
    this.leave("another process has taken the call journal over");
    return this.append(calls);
  }

  /**
   * Whether calls were written down whose writing had no answer; if so they are ours now. Where the journal was taken over
   * meanwhile nobody can tell, and they are taken for written: lost rather than counted twice.
   */
  async isWritten(calls: CallRows): Promise<boolean> {
    const { record, seq } = this;
    if (!record) return false;
    const [fenced] = await runPrepared<{ epoch: number }>(usagePool, FENCE, [record.id, record.epoch]);
    if (!fenced) {
      this.leave("another process has taken the call journal over");
      return true;
    }
    record.epoch = fenced.epoch;
    const entries = await runPrepared(usagePool, FIND_ENTRY, [record.id, seq]);
    if (entries.length > 0) await this.takeIn(calls);
    return entries.length > 0;
  }

  /** Counts the shares that have their turn, and those that are full. */
  async countSome(): Promise<void> {
    const due = new Set<number>();
    for (let share = 0; share < SHARES; share++) if (this.sizeOf(share) >= FULL_ROWS) due.add(share);
    for (let more = 0; more < SHARES_A_SECOND; more++) due.add(this.turn++ % SHARES);
    await this.count(due);
  }

  /** Counts everything. */
  async countAll(): Promise<void> {
    await this.count(ALL_SHARES);
  }

  private async open(): Promise<JournalRecord> {
    const record = { id: randomUUID(), epoch: 1, merged: Array<number>(SHARES).fill(0) };
    await runPrepared(usagePool, OPEN, [record.id, LAYOUT, record.merged]);
    this.begin(record);
    return record;
  }

  private begin(record: JournalRecord): void {
    this.record = record;
    this.seq = Math.max(...record.merged);
    this.dropped = Math.min(...record.merged);
    if (this.shares.length > 0) return;
    this.shares = ALL_SHARES.map(() => new PendingCalls(SHARE_ROWS, this.tell));
  }

  /** Adds an entry's calls to those that are to be counted; those of a share that was counted with it already aren't. */
  private async takeIn(rows: CallRows): Promise<void> {
    const merged = this.record?.merged ?? [];
    for (let row = 0; row < rows.size; row++) {
      if (row % ROWS_A_TURN === ROWS_A_TURN - 1) await nextTurn();
      const share = rows.lastByteOfKey(row) % SHARES;
      if ((merged[share] as number) >= this.seq) continue;
      const calls = rows.get(row);
      if (!this.shares[share]?.add(calls)) metrics.callsNotCounted(calls.count);
    }
  }

  /** Calls of two hours that wait together would all be counted for the later one. */
  private async countBeforeNewHour(): Promise<void> {
    const hour = Math.floor(Date.now() / HOUR_MS);
    if (hour !== this.hour) await this.countAll();
    this.hour = hour;
  }

  private sizeOf(share: number): number {
    const calls = this.shares[share];
    return calls ? Math.max(calls.size, calls.textCount) : 0;
  }

  /** What can't be counted now is tried next time. When nobody can say, the journal is left to be taken over: it knows. */
  private async count(shares: Iterable<number>): Promise<void> {
    try {
      for (const share of shares) if (this.record) await this.countShare(share, this.record);
      if (this.record) await this.dropCounted(this.record);
    } catch (error) {
      const why = `calls of the journal not counted: ${error}`;
      if (wasNotRun(error)) log.warn({ journal: this.record?.id }, why);
      else this.leave(why);
    }
  }

  private async countShare(share: number, { id, epoch, merged }: JournalRecord): Promise<void> {
    const calls = this.shares[share] as PendingCalls;
    if (calls.size > 0 && !(await countRows(calls, [id, share + 1, this.seq, epoch]))) {
      this.leave("another process has taken the call journal over");
      return;
    }
    calls.clear();
    merged[share] = this.seq;
  }

  /** What is counted of all shares needn't be there any longer. */
  private async dropCounted({ id, epoch, merged }: JournalRecord): Promise<void> {
    const counted = Math.min(...merged);
    if (counted === this.seq) {
      await runPrepared(usagePool, CLOSE, [id, epoch]);
      this.record = null;
    } else if (counted > this.dropped) {
      await runPrepared(usagePool, DROP_ENTRIES, [id, counted]);
      this.dropped = counted;
    }
  }

  private leave(why: string): void {
    log.warn({ journal: this.record?.id }, why);
    for (const share of this.shares) share.clear();
    this.record = null;
  }
}

/** False when nothing was counted, because the journal is no longer ours. */
async function countRows(calls: PendingCalls, progress: unknown[]): Promise<boolean> {
  const rows = Array.from({ length: calls.size }, (_, row) => row);
  const count = async (some: number[]) => {
    const journals = await runPrepared(usagePool, COUNT_JOURNALLED_CALLS, [...calls.columnsOf(some), ...progress]);
    return journals.length > 0;
  };
  try {
    const isOurs = await count(rows);
    if (isOurs) calls.tellRows(rows);
    return isOurs;
  } catch (error) {
    if (!isAboutTheRows(error)) throw error;
    // A row that can never be written must keep no other from it: they are written apart from the note that they are.
    const isOurs = await count([]);
    if (isOurs) {
      calls.tellRows(rows);
      const columnsOf = (some: number[]) => calls.columnsOf(some);
      await writeRows(COUNT_CALLS, columnsOf, rows, (row) => calls.get(row).keyId);
    }
    return isOurs;
  }
}
