import "server-only";
import { preparedStatement } from "@/lib/database/prepared-statement";

/** Refused calls are added to their hour directly. */
const COUNT_REFUSED = `
  insert into api_key_hours as h (key_id, hour, code, calls, last_at, last_ip)
  select key_id, hour, code, count, at, ip from calls where code <> 'valid' order by key_id, code
  on conflict (key_id, hour, code) do update set
    calls = h.calls + excluded.calls,
    last_at = greatest(h.last_at, excluded.last_at),
    last_ip = case when excluded.last_at >= h.last_at then excluded.last_ip else h.last_ip end`;

/**
 * The latest accepted call only moves forward, in whatever order processes write. A later hour restarts the count; a
 * trigger saves the finished one. Both statements write rows in the order of their ids, so that processes writing the
 * same keys can't deadlock.
 */
const COUNT_ACCEPTED = `
  insert into api_key_usage as u (key_id, team_id, last_used_at, last_used_ip, last_used_user_agent, hour, calls)
  select key_id, team_id, at, ip, user_agent, hour, count from calls where code = 'valid' order by key_id
  on conflict (key_id) do update set
    last_used_at = greatest(u.last_used_at, excluded.last_used_at),
    last_used_ip = case when excluded.last_used_at >= u.last_used_at then excluded.last_used_ip else u.last_used_ip end,
    last_used_user_agent = case when excluded.last_used_at >= u.last_used_at
      then excluded.last_used_user_agent else u.last_used_user_agent end,
    hour = greatest(u.hour, excluded.hour),
    calls = case when excluded.hour > u.hour then excluded.calls else u.calls + excluded.calls end`;

/** Takes arrays of key id, outcome, time of the latest call (epoch milliseconds), count, address, user agent and team id. */
export const COUNT_CALLS = preparedStatement(
  "count-calls",
  `with calls as (
    select key_id, code, to_timestamp(at_ms / 1000) as at, count, ip, user_agent, team_id,
      to_timestamp(floor(at_ms / 3600000) * 3600) as hour
    from unnest($1::uuid[], $2::text[], $3::float8[], $4::bigint[], $5::text[], $6::text[], $7::uuid[])
      as c (key_id, code, at_ms, count, ip, user_agent, team_id)
  ), refused as (${COUNT_REFUSED})
  ${COUNT_ACCEPTED}`,
);
