type Lifetime = { label: string; days?: number; weeks?: number; months?: number };

/** The lifetimes offered for a new key, in the order of the form's options. */
export const EXPIRY_CHOICES = {
  "1d": { label: "1 day", days: 1 },
  "3d": { label: "3 days", days: 3 },
  "7d": { label: "7 days", days: 7 },
  "2w": { label: "2 weeks", weeks: 2 },
  "1m": { label: "1 month", months: 1 },
  "90d": { label: "90 days", days: 90 },
  "3m": { label: "3 months", months: 3 },
  "6m": { label: "6 months", months: 6 },
  "1y": { label: "1 year", months: 12 },
  never: { label: "Never" },
} as const satisfies Record<string, Lifetime>;

export type ExpiryChoice = keyof typeof EXPIRY_CHOICES;
export const RECOMMENDED_EXPIRY: ExpiryChoice = "90d";
export const EXPIRY_CHOICE_NAMES = Object.keys(EXPIRY_CHOICES) as [ExpiryChoice, ...ExpiryChoice[]];

/** A later date is probably a typing mistake; longer lifetimes are what “never” is for. */
export const MAX_LIFETIME_YEARS = 10;

const DAY_MS = 86_400_000;

/** The expiry of a choice, counted from `from`; null for never. */
export function expiryAfter(choice: ExpiryChoice, from: Date): Date | null {
  const span: Lifetime = EXPIRY_CHOICES[choice];
  if (span.months) return addMonths(from, span.months);
  const days = exactDaysOf(choice);
  return days === null ? null : new Date(from.getTime() + days * DAY_MS);
}

/** The days of a choice of fixed length; null for months and never. */
export function exactDaysOf(choice: ExpiryChoice): number | null {
  const { days = 0, weeks = 0 }: Lifetime = EXPIRY_CHOICES[choice];
  return days + 7 * weeks || null;
}

/** The latest instant that {@link expiryProblem} accepts. */
export function latestExpiry(now: Date): Date {
  return addMonths(now, 12 * MAX_LIFETIME_YEARS);
}

/** The requested expiry: a lifetime counted from `from`, or a date. */
export function expiresAtOf(expiry: { in: ExpiryChoice } | { at: Date }, from: Date): Date | null {
  return "at" in expiry ? expiry.at : expiryAfter(expiry.in, from);
}

/** A choice whose length is within a day, and within a tenth, of the key's lifetime; null if there is none. */
export function closestChoice(createdAt: Date, expiresAt: Date | null): ExpiryChoice | null {
  if (!expiresAt) return "never";
  const isClose = (choice: ExpiryChoice) => {
    const end = expiryAfter(choice, createdAt);
    if (end === null) return false;
    const toleranceMs = Math.min(DAY_MS, (end.getTime() - createdAt.getTime()) / 10);
    return Math.abs(end.getTime() - expiresAt.getTime()) <= toleranceMs;
  };
  return [RECOMMENDED_EXPIRY, ...EXPIRY_CHOICE_NAMES].find(isClose) ?? null;
}

/** The message for a date that can't be a key's expiry, else null. */
export function expiryProblem(expiresAt: Date, now: Date): string | null {
  if (expiresAt <= now) return "Choose a date in the future.";
  if (expiresAt > latestExpiry(now)) {
    return `Choose a date within ${MAX_LIFETIME_YEARS} years, or “Never”.`;
  }
  return null;
}

/** The same day of a later month, or its last day if it is shorter (January 31 → February 28). */
function addMonths(from: Date, months: number): Date {
  const date = new Date(from);
  date.setUTCMonth(date.getUTCMonth() + months);
  if (date.getUTCDate() !== from.getUTCDate()) date.setUTCDate(0);
  return date;
}
