import "server-only";
import type { Prisma } from "@/generated/prisma/client";
import { withoutSecret } from "@/lib/api-keys/token-shape";
import type { AuditAction } from "@/lib/audit/actions";
import type { Transaction } from "@/lib/database/db";

export type AuditEvent = {
  teamId: string;
  action: AuditAction;
  actor: { userId: string | null; name: string; ip: string | null; userAgent: string | null };
  target: {
    type:
      | "api_key"
      | "session"
      | "team"
      | "permission"
      | "role"
      | "member"
      | "invitation"
      | "policy"
      | "user"
      | "audit_log";
    id: string | null;
    label: string;
  };
  details?: Prisma.InputJsonObject;
};

/**
 * Writes an entry inside the transaction of the change it describes: both commit or neither. Nothing can be taken out of
 * the log again, so a token in any text of it is cut to its start. Entries of several teams are written in the order of the teams' ids, so that two who write to the same teams don't wait for each other in a circle.
 */
export async function recordAudit(tx: Transaction, ...events: AuditEvent[]): Promise<void> {
  const inOrder = events.toSorted((a, b) => (a.teamId < b.teamId ? -1 : a.teamId > b.teamId ? 1 : 0));
  await tx.auditEntry.createMany({
    data: inOrder.map(({ teamId, action, actor, target, details }) => ({
      teamId,
      action,
      actorId: actor.userId,
      actorName: withoutSecret(actor.name),
      targetType: target.type,
      targetId: target.id,
      targetLabel: withoutSecret(target.label),
      ip: actor.ip,
      userAgent: actor.userAgent && withoutSecret(actor.userAgent),
      details: JSON.parse(withoutSecret(JSON.stringify(details ?? {}))),
    })),
  });
}
