import "server-only";
import type { AuditEvent } from "@/lib/audit/record";
import { INVITATION_DAYS } from "@/lib/invitations/limits";

const DAY_MS = 86_400_000;

export function expiryOfInvitation(now: Date): Date {
  return new Date(now.getTime() + INVITATION_DAYS * DAY_MS);
}

/** An invitation as an audit target. */
export function invitationTarget({ id, email }: { id: string; email: string | null }): AuditEvent["target"] {
  return { type: "invitation", id, label: email ?? "a copied link" };
}

/** Details of audit entries about created and renewed invitations. */
export function invitedDetails(role: { name: string }, expiresAt: Date, renewed = false): AuditEvent["details"] {
  return { role: role.name, expires_at: expiresAt.toISOString(), ...(renewed && { renewed }) };
}

/** Details of audit entries about withdrawn invitations; `reason` names the change that caused it. */
export function withdrawnDetails(role: { name: string }, reason?: string): AuditEvent["details"] {
  return { role: role.name, ...(reason && { reason }) };
}
