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
