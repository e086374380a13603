import "server-only";
import { log } from "@/lib/log";
import { onShutdown } from "@/lib/shutdown";
import { CallJournal, type JournalRecord } from "@/lib/calls/call-journal";
import { LAYOUT, type WrittenRows } from "@/lib/calls/call-rows";
import { usagePool } from "@/lib/verification/connections";
import { insights } from "@/lib/calls/insights";
import { usage } from "@/lib/calls/usage";

/** A process touches its journal about once a second. One that isn't touched from one round to the next is nobody's any more. */
const ROUND_INTERVAL_MS = 5_000;

/** By the journals' ids, how the last round found them. */
let lastSeen = new Map<string, string>();

/** Counts the calls in journals whose process has been killed, or has left them because it couldn't say what was counted. */
export async function countAbandonedCalls(): Promise<void> {
  const { rows } = await usagePool.query<{ id: string; state: string }>(
    "select id, epoch || ' ' || kept_at as state from call_journals where layout = $1",
    [LAYOUT],
  );
  const abandoned = rows.filter(({ id, state }) => id !== usage.journal.id && lastSeen.get(id) === state);
  lastSeen = new Map(rows.map(({ id, state }) => [id, state]));
  for (const { id, state } of abandoned) {
    // Another may take over what this process couldn't count, or this one next time.
    await takeOver(id, state).catch((error) =>
      log.warn({ err: String(error), journal: id }, "call journal not counted"),
    );
  }
}

async function takeOver(id: string, state: string): Promise<void> {
  // Of two processes that come at once, the second finds another state.
  const { rows } = await usagePool.query<JournalRecord>(
    `update call_journals set epoch = epoch + 1, kept_at = now()
     where id = $1 and epoch || ' ' || kept_at = $2 returning id, epoch, merged`,
    [id, state],
  );
  const [record] = rows;
  if (!record) return;
  const journal = await CallJournal.takenOver(record, entriesOf(record), (calls) => insights.note(calls));
  await journal.countAll();
  log.info({ journal: id }, "call journal of another process taken over");
}

/** One after the other, since all at once they could be a hundred megabytes. Each reading touches the journal; it ends when that is another's. */
async function* entriesOf({ id, epoch, merged }: JournalRecord): AsyncGenerator<WrittenRows & { seq: number }> {
  for (let last = Math.min(...merged); ; ) {
    const { rows } = await usagePool.query<WrittenRows & { seq: number }>(
      `with journal as (update call_journals set kept_at = now() where id = $1 and epoch = $3 returning id)
       select e.seq, e.rows, e.shared from call_journal_entries e join journal on journal.id = e.journal_id
       where e.seq > $2 order by e.seq limit 1`,
      [id, last, epoch],
    );
    const [entry] = rows;
    if (!entry) return;
    yield entry;
    last = entry.seq;
  }
}

/** Looks for such journals for as long as the process lives. That the database is away is told by who needs it. */
export function countAbandonedCallsEveryFewSeconds(): void {
  let isRunning = false;
  const round = async () => {
    if (isRunning) return;
    isRunning = true;
    await countAbandonedCalls().catch((error) =>
      log.debug({ err: String(error) }, "no look at the journals of other processes"),
    );
    isRunning = false;
  };
  const rounds = setInterval(round, ROUND_INTERVAL_MS).unref();
  onShutdown(async () => clearInterval(rounds));
}
