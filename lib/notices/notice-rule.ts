import "server-only";
import { sqlActive } from "@/lib/api-keys/status";

/** When a kind of notice is raised and how long it is shown, in SQL. */
export type NoticeRule = {
  /**
   * Whether the cause still exists: a condition on a notice `n`, its member `m`, their role `r`, and the key `k` that it is
   * about. Other notices aren't shown, and are deleted within an hour.
   */
  isOpen: string;
  /** Selects `member_id`, `subject`, `key_id` and `data` of the notices due now. Without it, operations raise the notice. */
  due?: string;
  /** Whether new data makes the notice unread again: a condition on the row `n` and the new one, `excluded`. */
  isNews?: string;
};

export const IS_ACTIVE = sqlActive().text;
export const IS_REPLACED = "exists (select from api_keys s where s.rotated_from_id = k.id)";

/** Whether a member, given the aliases of their row and their user's, is active. */
export const isActiveMember = (member: string, user: string) =>
  `${member}.removed_at is null and ${member}.disabled_at is null and ${user}.disabled_at is null`;

/** For a key `k`: a personal key's member, a team key's contact, or an Admin if that member isn't active. */
export const RECIPIENT = `(
  select m.id from members m join users u on u.id = m.user_id join roles r on r.id = m.role_id
  where m.team_id = k.team_id and ${isActiveMember("m", "u")}
    and case when k.kind = 'personal' then m.id = k.member_id else m.id = k.responsible_member_id or r.grants_all end
  order by m.id = k.responsible_member_id desc nulls last, m.created_at limit 1)`;

/** Whether a notice about the key `k` still concerns the member `m`: they own it, are its contact, or it has none. */
export const IS_FOR_MEMBER = `
  case when k.kind = 'personal' then k.member_id = m.id else k.responsible_member_id = m.id or not exists (
    select from members c join users cu on cu.id = c.user_id
    where c.id = k.responsible_member_id and ${isActiveMember("c", "cu")}) end`;

/** Whether the role `r` includes a permission. */
export const hasPermission = (permission: string) => `(r.grants_all or '${permission}' = any(r.permissions))`;

/** A time as JSON, in epoch milliseconds: its text would depend on the connection's time zone. */
export const asMs = (time: string) => `(extract(epoch from ${time}) * 1000)::bigint`;
