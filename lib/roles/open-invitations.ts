import "server-only";

/** Invitations that somebody can still accept, as a database filter. */
export function openInvitations(now: Date) {
  return { acceptedAt: null, withdrawnAt: null, expiresAt: { gt: now } };
}
