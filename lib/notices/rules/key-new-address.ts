import "server-only";
import { NEW_FOR_DAYS } from "@/lib/insights/review-lists";
import { asMs, IS_ACTIVE, IS_FOR_MEMBER, IS_REPLACED, type NoticeRule, RECIPIENT } from "@/lib/notices/notice-rule";

/** Longer than the job's interval, so that a console that was stopped for a while misses nothing. */
const LOOKS_BACK = "2 days";

/**
 * A key that has been in use for a while is used from a new IP address. A key whose addresses change all the time raises
 * one notice a day.
 */
export const keyNewAddress: NoticeRule = {
  isOpen: `${IS_ACTIVE} and not ${IS_REPLACED} and ${IS_FOR_MEMBER}`,
  due: `
    select ${RECIPIENT} as member_id, k.id::text as subject, k.id as key_id,
      jsonb_build_object('ip', newest.ip, 'user_agent', newest.user_agent, 'first_at', ${asMs("newest.first_at")}) as data
    from (select distinct key_id from api_key_addresses where first_at > now() - interval '${LOOKS_BACK}') used
      join api_keys k on k.id = used.key_id and ${IS_ACTIVE} and not ${IS_REPLACED}
      cross join lateral (
        select ip, user_agent, first_at from api_key_addresses where key_id = k.id order by first_at desc, ip limit 1
      ) newest
    where (select min(first_at) from api_key_addresses where key_id = k.id)
      < newest.first_at - interval '${NEW_FOR_DAYS} days'`,
  isNews: "n.at < now() - interval '1 day' and n.data->>'first_at' <> excluded.data->>'first_at'",
};
