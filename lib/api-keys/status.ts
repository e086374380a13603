export const KEY_STATUSES = ["active", "expired", "revoked"] as const;
export type KeyStatus = (typeof KEY_STATUSES)[number];

type Lifetime = { revokedAt: Date | null; expiresAt: Date | null };

/** A key's status at an instant. Revoked wins over expired: it says that somebody acted. */
export function keyStatus({ revokedAt, expiresAt }: Lifetime, now: Date): KeyStatus {
  if (revokedAt) return "revoked";
  return expiresAt && expiresAt <= now ? "expired" : "active";
}

/** The same rule as a database filter. */
export function whereStatus(status: KeyStatus, now: Date) {
  switch (status) {
    case "revoked":
      return { revokedAt: { not: null } };
    case "expired":
      return { revokedAt: null, expiresAt: { lte: now } };
    case "active":
      return { revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: now } }] };
  }
}
