import "server-only";
import { TRY_UPKEEP_LOCK } from "@/lib/calls/upkeep-lock";
import { usagePool } from "@/lib/verification/connections";

/** Hours are kept for a good week, then they become days. */
const HOUR_RETENTION = "8 days";

/** A statement sums up so many hours at most: flushes, which use the same connection, come in between. */
const ROWS_A_STATEMENT = 20_000;

const MOST_CALLS = "9223372036854775807";

/**
 * Sums are made as `numeric`, which has no end, and end at the column's: no row, whatever it says, can make the statement
 * fail and keep all others from being summed up.
 */
const SUM_UP = `
  with turn as materialized (
    ${TRY_UPKEEP_LOCK}
  ), chosen as materialized (
    select key_id, hour, code from api_key_hours
    where hour < now() - interval '${HOUR_RETENTION}' and hour <> date_trunc('day', hour, 'UTC')
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
export async function compactHours(rowsAStatement = ROWS_A_STATEMENT): Promise<void> {
  for (let hours = rowsAStatement; hours === rowsAStatement; ) {
    const { rows } = await usagePool.query<{ hours: number }>(SUM_UP, [rowsAStatement]);
    hours = rows[0]?.hours ?? 0;
  }
}
