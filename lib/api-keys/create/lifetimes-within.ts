import { EXPIRY_CHOICE_NAMES, type ExpiryChoice, exactDaysOf, expiryAfter, latestExpiry } from "@/lib/api-keys/expiry";

/** A team policy's rules on lifetimes. */
export type LifetimeRules = { defaultLifetime: ExpiryChoice; maxLifetimeDays: number | null; mayNeverExpire: boolean };

/** A key whose expiry is to change; without one, the rules apply to a key created now. */
export type ExistingKey = { createdAt: Date; expiresAt: Date | null };

const DAY_MS = 86_400_000;

/** The lifetimes, counted from `now`, that a policy allows; for forms, the server checks exactly. */
export function choicesWithin(rules: LifetimeRules, key?: ExistingKey, now = new Date()): ExpiryChoice[] {
  const latest = latestWithin(rules, now, key);
  return EXPIRY_CHOICE_NAMES.filter((choice) => {
    const end = expiryAfter(choice, now);
    if (end === null) return isWithin(rules, now, null);
    return end <= latest && !hasTooManyDays(rules, choice);
  });
}

/**
 * Whether a choice of fixed length exceeds the longest lifetime. The tolerance of one day is for months and for the end of
 * a day: a limit of two days must not allow three.
 */
export function hasTooManyDays({ maxLifetimeDays }: LifetimeRules, choice: ExpiryChoice): boolean {
  return maxLifetimeDays !== null && (exactDaysOf(choice) ?? 0) > maxLifetimeDays;
}

/** The longest allowed lifetime; the policy's default if none is. */
export function longestWithin(rules: LifetimeRules, now = new Date()): ExpiryChoice {
  return choicesWithin(rules, undefined, now).at(-1) ?? rules.defaultLifetime;
}

/**
 * The default lifetime of a new key: the policy's default, or the longest that it allows. A default in months may exceed
 * the limit in some months only.
 */
export function defaultWithin(rules: LifetimeRules, now = new Date()): ExpiryChoice {
  const isWithinNow = choicesWithin(rules, undefined, now).includes(rules.defaultLifetime);
  return isWithinNow ? rules.defaultLifetime : longestWithin(rules, now);
}

/**
 * The latest allowed expiry of a key. The longest lifetime counts from the key's creation, but from now for an expiry that
 * is not later than the current one, as on the server.
 */
export function latestWithin(rules: LifetimeRules, now: Date, key?: ExistingKey): Date {
  if (!key) return earlier(latestExpiry(now), lastInstant(rules, now));
  const shortened = earlier(key.expiresAt ?? latestExpiry(now), lastInstant(rules, now));
  const moved = earlier(latestExpiry(now), lastInstant(rules, key.createdAt));
  return later(shortened, moved);
}

/** Whether a policy allows this lifetime; null means no expiry. */
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
