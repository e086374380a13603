import "server-only";
import { withoutSecret } from "@/lib/api-keys/token-shape";
import { recordAudit } from "@/lib/audit/record";
import type { Actor } from "@/lib/auth/actor";
import { inTransaction, runChange } from "@/lib/database/db";
import { log } from "@/lib/log";

/** Reasons per member with their own entries at a time. A page's URL is a reason, and there are arbitrarily many. */
const MAX_REASONS = 10;
const OTHER_REASONS = "Other denied actions";
const MAX_REASON_LENGTH = 200;

// Takes no lock that others wait for: the row belongs to the member, and the audit log isn't touched. `more` is 0 for
// the first refusal of a minute.
const COUNT = `
  with held as (select count(*) as reasons, bool_or(reason = $2) as is_known from refusal_counts where member_id = $1)
  insert into refusal_counts (member_id, reason, since, ip, user_agent)
  select $1, case when held.is_known or held.reasons < ${MAX_REASONS} then $2 else $3 end, now(), $4, $5 from held
  on conflict (member_id, reason) do update
    set more = refusal_counts.more + 1, ip = excluded.ip, user_agent = excluded.user_agent
  returning reason, more`;

/**
 * Records that a member was denied: the first time immediately, repeats as a number per minute
 * ({@link recordRepeatedRefusals}). Entries can't be deleted, so a page opened in a loop must not add one each time. A
 * failure to record must not turn the refusal into an error.
 */
export async function recordRefusal(actor: Actor, reason: string): Promise<void> {
  try {
    // Shortened before counting, because the reason is stored and can be a URL with a pasted token.
    const shortened = withoutSecret(reason).slice(0, MAX_REASON_LENGTH).toWellFormed();
    const { rows } = await runChange<{ reason: string; more: number }>(COUNT, [
      actor.memberId,
      shortened,
      OTHER_REASONS,
      actor.ip,
      actor.userAgent,
    ]);
    const [counted] = rows;
    if (counted?.more !== 0) return;
    const target = { type: "permission" as const, id: null, label: counted.reason };
    const event = { teamId: actor.teamId, action: "permission.refused" as const, actor, target };
    await inTransaction((tx) => recordAudit(tx, event));
  } catch (error) {
    log.error({ err: String(error) }, "denied action not recorded");
  }
}
