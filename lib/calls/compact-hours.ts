import "server-only";
import { TRY_UPKEEP_LOCK } from "@/lib/calls/upkeep-lock";
import { usagePool } from "@/lib/verification/connections";

/** After this, hours are aggregated into days. */
const HOUR_RETENTION = "8 days";

/** Limits a statement's duration, because flushes wait for the same connection. */
const ROWS_A_STATEMENT = 20_000;

const MOST_CALLS = "9223372036854775807";

/**
 * Sums are computed as `numeric` and capped at the column's maximum: an overflow would make the statement fail, and block
 * the aggregation of all other rows.
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
 * Aggregates old hours into the first hour of their day, which bounds the table: per key and outcome, about two hundred
 * hours and four hundred days.
 */
export async function compactHours(rowsAStatement = ROWS_A_STATEMENT): Promise<void> {
  for (let hours = rowsAStatement; hours === rowsAStatement; ) {
    const { rows } = await usagePool.query<{ hours: number }>(SUM_UP, [rowsAStatement]);
    hours = rows[0]?.hours ?? 0;
  }
}
