import "server-only";
import { asMs, hasPermission, type NoticeRule } from "@/lib/notices/notice-rule";

/** Fewer denials in an hour are no spike, however quiet the days before were. */
const LEAST = 30;
/** Times the busiest hour of the days before. */
const FACTOR = 3;
const DAYS_BEFORE = 7;
/** The keys with the most denials. */
const MAX_KEYS = 50;

/** Like the key's page: others' personal keys are visible only to those who also manage members. */
const MAY_SEE = `
  ${hasPermission("team.manage_keys")} and (k.kind = 'team' or k.member_id = m.id or ${hasPermission("team.manage_members")})`;

/** Far more requests with a key were denied in an hour than in any hour of the days before. */
export const denialSpike: NoticeRule = {
  isOpen: `to_timestamp((n.data->>'hour')::bigint / 1000) > now() - interval '1 day' and ${MAY_SEE}`,
  due: `
    with hours as (
      select key_id, hour, sum(calls) as denied from api_key_hours
      where hour >= date_trunc('hour', now(), 'UTC') - interval '1 hour' and code <> 'valid'
      group by key_id, hour having sum(calls) >= ${LEAST}
    ), spikes as (
      select distinct on (h.key_id) h.*, before.most from hours h cross join lateral (
        select coalesce(max(denied), 0) as most from (
          select sum(calls) as denied from api_key_hours b
          where b.key_id = h.key_id and b.hour < h.hour and b.hour >= h.hour - interval '${DAYS_BEFORE} days'
            and b.code <> 'valid'
          group by b.hour
        ) before
      ) before
      where h.denied >= ${FACTOR} * before.most order by h.key_id, h.denied desc
    )
    select m.id as member_id, k.id::text as subject, k.id as key_id,
      jsonb_build_object('denied', s.denied, 'most', s.most, 'hour', ${asMs("s.hour")}) as data
    from (select * from spikes order by denied desc limit ${MAX_KEYS}) s
      join api_keys k on k.id = s.key_id
      join members m on m.team_id = k.team_id and m.removed_at is null
      join roles r on r.id = m.role_id
    where ${MAY_SEE}`,
  isNews: "n.at < now() - interval '1 day'",
};
