import "server-only";
import { hasPermission, isActiveMember, type NoticeRule } from "@/lib/notices/notice-rule";

/** A member asks for a screen that their role doesn't include; raised by the request. Open until they have it, or leave. */
export const accessRequested: NoticeRule = {
  isOpen: `
    ${hasPermission("team.manage_members")} and exists (
      select from members asking join users au on au.id = asking.user_id join roles ar on ar.id = asking.role_id
      where asking.id = (n.data->>'member_id')::uuid and asking.team_id = m.team_id
        and ${isActiveMember("asking", "au")}
        and not ar.grants_all and not ar.permissions && array(select jsonb_array_elements_text(n.data->'any_of')))`,
};
