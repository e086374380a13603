import "server-only";
import { log } from "@/lib/log";
import { onShutdown } from "@/lib/shutdown";
import { usagePool } from "@/lib/verification/connections";
import { dropOldRecords } from "@/lib/verification/drop-old-records";
import { UPKEEP_TURN } from "@/lib/verification/upkeep-turn";

const ROUND_INTERVAL_MS = 3_600_000;
const FIRST_ROUND_MS = 60_000;

/** Hours are kept for a good week, then they become days; days are kept for a good year. */
const HOURS_KEPT = "8 days";
const DAYS_KEPT = "400 days";

const KEEP = `
  with turn as materialized (
    ${UPKEEP_TURN}
  ), old as (
    delete from api_key_hours h using turn
    where turn.is_ours and h.hour < now() - interval '${HOURS_KEPT}' and h.hour <> date_trunc('day', h.hour, 'UTC')
    returning h.*
  ), gone as (
    delete from api_key_hours h using turn where turn.is_ours and h.hour < now() - interval '${DAYS_KEPT}'
  )
  insert into api_key_hours as d (key_id, hour, code, calls, last_at, last_ip)
  select key_id, date_trunc('day', hour, 'UTC'), code, sum(calls), max(last_at),
    (array_agg(last_ip order by last_at desc))[1]
  from old where hour >= now() - interval '${DAYS_KEPT}' group by 1, 2, 3
  on conflict (key_id, hour, code) do update set
    calls = d.calls + excluded.calls,
    last_at = greatest(d.last_at, excluded.last_at),
    last_ip = case when excluded.last_at >= d.last_at then excluded.last_ip else d.last_ip end`;

/**
 * Sums up old hours into the first hour of their day and drops very old days, so that the counts
 * stay bounded: a key has at most some two hundred hours and four hundred days, for each outcome.
 */
export async function sumUpOldCalls(): Promise<void> {
  await usagePool.query(KEEP);
}

/** Sums up and drops old records once an hour for as long as the process lives; of several processes one does it at a time. */
export function sumUpOldCallsEveryHour(): void {
  const round = async () => {
    await sumUpOldCalls().catch((error) => log.warn({ err: String(error) }, "old calls not summed up"));
    await dropOldRecords().catch((error) => log.warn({ err: String(error) }, "old records of calls not dropped"));
  };
  const first = setTimeout(round, FIRST_ROUND_MS).unref();
  const rounds = setInterval(round, ROUND_INTERVAL_MS).unref();
  onShutdown(async () => {
    clearTimeout(first);
    clearInterval(rounds);
  });
}
