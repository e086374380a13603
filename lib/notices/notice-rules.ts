import "server-only";
import type { NoticeKind } from "@/lib/notices/describe-notice";
import type { NoticeRule } from "@/lib/notices/notice-rule";
import { accessRequested } from "@/lib/notices/rules/access-requested";
import { denialSpike } from "@/lib/notices/rules/denial-spike";
import { keyExpiring } from "@/lib/notices/rules/key-expiring";
import { keyNewAddress } from "@/lib/notices/rules/key-new-address";
import { keyRevoked } from "@/lib/notices/rules/key-revoked";
import { policyBreaches } from "@/lib/notices/rules/policy-breaches";

export const NOTICE_RULES: Record<NoticeKind, NoticeRule> = {
  key_expiring: keyExpiring,
  key_new_address: keyNewAddress,
  key_revoked: keyRevoked,
  policy_breaches: policyBreaches,
  denial_spike: denialSpike,
  access_requested: accessRequested,
};

/** A notice `n` with the tables that {@link IS_OPEN} reads. The key is one of the member's own team. */
export const NOTICE_TABLES = `
  notices n
    join members m on m.id = n.member_id
    join roles r on r.id = m.role_id
    left join api_keys k on k.id = n.key_id and k.team_id = m.team_id`;

/** Whether a notice's cause still exists. A kind written by another version is never shown. */
export const IS_OPEN = `
  case n.kind ${Object.entries(NOTICE_RULES)
    .map(([kind, { isOpen }]) => `when '${kind}' then coalesce((${isOpen}), false)`)
    .join(" ")} else false end`;
