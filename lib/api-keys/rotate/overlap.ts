/** How long a replaced key stays valid, in the order of the form's options. */
export const OVERLAP_CHOICES = {
  none: { label: "Revoke the old token immediately", hours: 0 },
  "1h": { label: "1 hour", hours: 1 },
  "24h": { label: "24 hours", hours: 24 },
  "7d": { label: "7 days", hours: 168 },
} as const;

export type OverlapChoice = keyof typeof OVERLAP_CHOICES;
export const OVERLAP_CHOICE_NAMES = Object.keys(OVERLAP_CHOICES) as [OverlapChoice, ...OverlapChoice[]];

const HOUR_MS = 3_600_000;

/** When the overlap ends: never later than the old key's own expiry. */
export function overlapEnd(choice: OverlapChoice, now: Date, ownExpiry: Date | null): Date {
  const end = new Date(now.getTime() + OVERLAP_CHOICES[choice].hours * HOUR_MS);
  return ownExpiry && ownExpiry < end ? ownExpiry : end;
}
