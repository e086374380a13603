import "server-only";
import { asMs, IS_ACTIVE, IS_FOR_MEMBER, IS_REPLACED, type NoticeRule, RECIPIENT } from "@/lib/notices/notice-rule";

/** Days before a key's expiry at which its notice is raised, and raised again. */
const STEPS = [30, 14, 7, 3, 1];

/** Skips keys that have a successor, and steps that are more than half of the key's lifetime. */
export const keyExpiring: NoticeRule = {
  isOpen: `
    ${IS_ACTIVE} and not ${IS_REPLACED} and ${asMs("k.expires_at")} = (n.data->>'expires_at')::bigint
    and ${IS_FOR_MEMBER}`,
  due: `
    select ${RECIPIENT} as member_id, k.id::text as subject, k.id as key_id,
      jsonb_build_object('days', step.days, 'expires_at', ${asMs("k.expires_at")}) as data
    from teams t
      cross join lateral (
        select * from api_keys k
        where k.team_id = t.id and ${IS_ACTIVE} and not ${IS_REPLACED}
          and k.expires_at between now() and now() + make_interval(days => ${Math.max(...STEPS)})
        order by k.expires_at
      ) k
      cross join lateral (
        select min(days) as days from unnest(array[${STEPS}]) as days
        where k.expires_at <= now() + make_interval(days => days)
      ) step
    where k.expires_at - k.created_at > make_interval(days => 2 * step.days)`,
};
