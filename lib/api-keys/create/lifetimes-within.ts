import { EXPIRY_CHOICE_NAMES, type ExpiryChoice, exactDaysOf, expiryAfter, latestExpiry } from "@/lib/api-keys/expiry";

/** What a team's policy says about how long keys live. */
export type LifetimeRules = { defaultLifetime: ExpiryChoice; maxLifetimeDays: number | null; mayNeverExpire: boolean };

/** A key whose expiry is to be moved; without one, the rules are about a key that is made now. */
export type ExistingKey = { createdAt: Date; expiresAt: Date | null };

const DAY_MS = 86_400_000;

/** The lifetimes, counted from `now`, that a policy allows; the server decides to the minute. */
export function choicesWithin(rules: LifetimeRules, key?: ExistingKey, now = new Date()): ExpiryChoice[] {
  const latest = latestWithin(rules, now, key);
  return EXPIRY_CHOICE_NAMES.filter((choice) => {
    const end = expiryAfter(choice, now);
    if (end === null) return isWithin(rules, now, null);
    return end <= latest && !hasTooManyDays(rules, choice);
  });
}

/**
 * Whether a choice is a number of days above the longest lifetime. The day that a longest lifetime is exceeded by is for
 * months and for the end of a day: two days at most are not three.
 */
export function hasTooManyDays({ maxLifetimeDays }: LifetimeRules, choice: ExpiryChoice): boolean {
  return maxLifetimeDays !== null && (exactDaysOf(choice) ?? 0) > maxLifetimeDays;
}

/** The longest of them; the policy's default where none fits. */
export function longestWithin(rules: LifetimeRules, now = new Date()): ExpiryChoice {
  return choicesWithin(rules, undefined, now).at(-1) ?? rules.defaultLifetime;
}

/**
 * What a new key's expiry is set to where nobody says otherwise: the policy's default, or the longest lifetime it allows.
 * A default of months may be too long for it in some months and not in others.
 */
export function defaultWithin(rules: LifetimeRules, now = new Date()): ExpiryChoice {
  const isWithinNow = choicesWithin(rules, undefined, now).includes(rules.defaultLifetime);
  return isWithinNow ? rules.defaultLifetime : longestWithin(rules, now);
}

/**
 * The latest instant that may be a key's expiry. A longest lifetime counts from the key's creation; an expiry that isn't
 * moved beyond the present one counts from now, as the server does it.
 */
export function latestWithin(rules: LifetimeRules, now: Date, key?: ExistingKey): Date {
  if (!key) return earlier(latestExpiry(now), lastInstant(rules, now));
  const shortened = earlier(key.expiresAt ?? latestExpiry(now), lastInstant(rules, now));
  const moved = earlier(latestExpiry(now), lastInstant(rules, key.createdAt));
  return later(shortened, moved);
}

/** Whether a key may live from the one instant to the other; null is for ever. */
export function isWithin(rules: LifetimeRules, from: Date, until: Date | null): boolean {
  if (!until) return rules.mayNeverExpire && rules.maxLifetimeDays === null;
  return until <= lastInstant(rules, from);
}

function lastInstant({ maxLifetimeDays }: LifetimeRules, from: Date): Date {
  if (maxLifetimeDays === null) return new Date(8.64e15);
  return new Date(from.getTime() + (maxLifetimeDays + 1) * DAY_MS);
}

const earlier = (a: Date, b: Date) => (a < b ? a : b);
const later = (a: Date, b: Date) => (a < b ? b : a);
