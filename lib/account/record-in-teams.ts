import "server-only";
import type { AuditAction } from "@/lib/audit/actions";
import { type AuditEvent, recordAudit } from "@/lib/audit/record";
import type { Transaction } from "@/lib/database/db";
import type { RequestContext } from "@/lib/http/request-context";
import type { LiveSession } from "@/lib/sessions/read-session";

type AccountEvent = { action: AuditAction; details?: AuditEvent["details"]; target?: AuditEvent["target"] };

/** Records a change to the user's own account in the log of each of their teams. */
export async function recordInTeams(
  tx: Transaction,
  { user }: LiveSession,
  context: RequestContext,
  { action, details, target = { type: "user", id: user.id, label: user.name } }: AccountEvent,
): Promise<void> {
  const actor = { userId: user.id, name: user.name, ...context };
  await recordAudit(tx, ...user.members.map(({ team }) => ({ teamId: team.id, action, actor, target, details })));
}
