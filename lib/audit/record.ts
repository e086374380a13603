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
 * Writes an entry in the transaction of the change it describes, so that both commit or neither. Entries can't be
 * removed, so tokens in any text are cut to their start. Entries of several teams are written in the order of the
 * teams' IDs, which prevents deadlocks.
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
