import { EXPIRY_CHOICE_NAMES, type ExpiryChoice, exactDaysOf, expiryAfter, latestExpiry } from "@/lib/api-keys/expiry";

/** What a team's policy says about how long keys live. */
export type LifetimeRules = { defaultLifetime: ExpiryChoice; maxLifetimeDays: number | null; mayNeverExpire: boolean };

/** A key whose expiry is to be moved; without one, the rules are about a key that is made now. */
export type ExistingKey = { createdAt: Date; expiresAt: Date | null };

const DAY_MS = 86_400_000;

/** The lifetimes, counted from now, that a policy allows; the server decides to the minute. */
export function choicesWithin(rules: LifetimeRules, key?: ExistingKey): ExpiryChoice[] {
  const now = new Date();
  const latest = latestWithin(rules, now, key);
  return EXPIRY_CHOICE_NAMES.filter((choice) => {
    const end = expiryAfter(choice, now);
    if (end === null) return isWithin(rules, now, null);
    // The day's tolerance is for months and for the end of a day: nobody is offered three days where two are the most.
    return end <= latest && (exactDaysOf(choice) ?? 0) <= (rules.maxLifetimeDays ?? Number.POSITIVE_INFINITY);
  });
}

/** The longest of them; the policy's default where none fits. */
export function longestWithin(rules: LifetimeRules): ExpiryChoice {
  return choicesWithin(rules).at(-1) ?? rules.defaultLifetime;
}

/** What a new key's expiry is set to at first: the policy's default, or the longest lifetime it allows. */
export function defaultWithin(rules: LifetimeRules): ExpiryChoice {
  return choicesWithin(rules).includes(rules.defaultLifetime) ? rules.defaultLifetime : longestWithin(rules);
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
