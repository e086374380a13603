import "server-only";
import type { AuditEvent } from "@/lib/audit/record";
import { INVITATION_DAYS } from "@/lib/invitations/limits";

const DAY_MS = 86_400_000;

export function expiryOfInvitation(now: Date): Date {
  return new Date(now.getTime() + INVITATION_DAYS * DAY_MS);
}

/** How audit entries name an invitation. */
export function invitationTarget({ id, email }: { id: string; email: string | null }): AuditEvent["target"] {
  return { type: "invitation", id, label: email ?? "a copied link" };
}

/** What every audit entry about an invitation that was made or renewed says. */
export function invitedDetails(role: { name: string }, expiresAt: Date, renewed = false): AuditEvent["details"] {
  return { role: role.name, expires_at: expiresAt.toISOString(), ...(renewed && { renewed }) };
}

/** What every audit entry about a withdrawn invitation says; `reason` is what else was done that ended it. */
export function withdrawnDetails(role: { name: string }, reason?: string): AuditEvent["details"] {
  return { role: role.name, ...(reason && { reason }) };
}
