import "server-only";
import { log } from "@/lib/log";
import { onShutdown } from "@/lib/shutdown";
import { CallJournal, type JournalRecord } from "@/lib/verification/call-journal";
import { LAYOUT, type WrittenRows } from "@/lib/verification/call-rows";
import { usagePool } from "@/lib/verification/connections";
import { insights } from "@/lib/verification/insights";
import { usage } from "@/lib/verification/usage";

/** A process touches its journal each second. One that isn't touched from one round to the next is nobody's any more. */
const ROUND_INTERVAL_MS = 3_000;

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
  const tell = (calls: Parameters<typeof insights.note>[0]) => insights.note(calls);
  const journal = await CallJournal.takenOver(record, entriesOf(record), tell);
  await journal.countAll();
  log.info({ journal: id }, "calls counted that another process had written down");
}

/** One after the other: all at once they could be a hundred megabytes. */
async function* entriesOf({ id, merged }: JournalRecord): AsyncGenerator<WrittenRows & { seq: number }> {
  for (let last = Math.min(...merged); ; ) {
    const { rows } = await usagePool.query<WrittenRows & { seq: number }>(
      "select seq, rows, shared from call_journal_entries where journal_id = $1 and seq > $2 order by seq limit 1",
      [id, last],
    );
    const [entry] = rows;
    if (!entry) return;
    yield entry;
    last = entry.seq;
  }
}

/** Looks for such journals for as long as the process lives. That the database is away is told by who needs it. */
export function countAbandonedCallsEveryFewSeconds(): void {
  const round = () =>
    countAbandonedCalls().catch((error) =>
      log.debug({ err: String(error) }, "no look at the journals of other processes"),
    );
  const rounds = setInterval(round, ROUND_INTERVAL_MS).unref();
  onShutdown(async () => clearInterval(rounds));
}
