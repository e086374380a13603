import "server-only";
import { dropOldRecords } from "@/lib/calls/delete-old-records";
import { UPKEEP_TURN } from "@/lib/calls/upkeep-lock";
import { log } from "@/lib/log";
import { onShutdown } from "@/lib/shutdown";
import { usagePool } from "@/lib/verification/connections";

const ROUND_INTERVAL_MS = 3_600_000;
const FIRST_ROUND_MS = 60_000;

/** Hours are kept for a good week, then they become days. */
const HOURS_KEPT = "8 days";

/** A statement sums up so many hours at most: flushes, which use the same connection, come in between. */
const ROWS_A_STATEMENT = 20_000;

const MOST_CALLS = "9223372036854775807";

/**
 * Sums are made as `numeric`, which has no end, and end at the column's: no row, whatever it says, can make the statement
 * fail and keep all others from being summed up.
 */
const SUM_UP = `
  with turn as materialized (
    ${UPKEEP_TURN}
  ), chosen as materialized (
    select key_id, hour, code from api_key_hours
    where hour < now() - interval '${HOURS_KEPT}' and hour <> date_trunc('day', hour, 'UTC')
    order by hour limit $1
  ), old as (
    delete from api_key_hours h using chosen c, turn
    where turn.is_ours and h.key_id = c.key_id and h.hour = c.hour and h.code = c.code
    returning h.*
  ), summed as (
    insert into api_key_hours as d (key_id, hour, code, calls, last_at, last_ip)
    select key_id, date_trunc('day', hour, 'UTC'), code, least(sum(calls), ${MOST_CALLS})::bigint, max(last_at),
      (array_agg(last_ip order by last_at desc))[1]
    from old group by 1, 2, 3
    on conflict (key_id, hour, code) do update set
      calls = least(d.calls::numeric + excluded.calls, ${MOST_CALLS})::bigint,
      last_at = greatest(d.last_at, excluded.last_at),
      last_ip = case when excluded.last_at >= d.last_at then excluded.last_ip else d.last_ip end
  )
  select count(*)::int as hours from old`;

/**
 * Sums up old hours into the first hour of their day, so that the counts stay bounded: a key has at most some two hundred
 * hours and four hundred days, for each outcome.
 */
export async function sumUpOldCalls(rowsAStatement = ROWS_A_STATEMENT): Promise<void> {
  for (let hours = rowsAStatement; hours === rowsAStatement; ) {
    const { rows } = await usagePool.query<{ hours: number }>(SUM_UP, [rowsAStatement]);
    hours = rows[0]?.hours ?? 0;
  }
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
