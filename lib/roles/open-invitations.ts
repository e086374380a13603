import "server-only";

/** Filter for invitations that can still be accepted. */
export function openInvitations(now: Date) {
  return { acceptedAt: null, withdrawnAt: null, expiresAt: { gt: now } };
}
