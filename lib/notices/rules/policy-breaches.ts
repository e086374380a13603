import "server-only";
import { hasPermission, type NoticeRule } from "@/lib/notices/notice-rule";

/** Active keys don't comply with the team's policy. Takes the teams that have a policy, and how many of their keys break it. */
export const policyBreaches: NoticeRule = {
  isOpen: `(n.data->>'keys')::int > 0 and ${hasPermission("team.manage_keys")}`,
  due: `
    select m.id as member_id, 'policy' as subject, null::uuid as key_id, jsonb_build_object('keys', b.keys) as data
    from unnest($1::uuid[], $2::int[]) as b (team_id, keys)
      join members m on m.team_id = b.team_id and m.removed_at is null
      join roles r on r.id = m.role_id and ${hasPermission("team.manage_keys")}
    where b.keys > 0
      or exists (select from notices o where o.member_id = m.id and o.kind = 'policy_breaches' and o.subject = 'policy')`,
  isNews: "(excluded.data->>'keys')::int > (n.data->>'keys')::int",
};
