import { EXPIRY_CHOICE_NAMES, type ExpiryChoice, expiryAfter } from "@/lib/api-keys/expiry";

/** What a team's policy says about how long keys live. */
export type LifetimeRules = { defaultLifetime: ExpiryChoice; maxLifetimeDays: number | null; mayNeverExpire: boolean };

const DAY_MS = 86_400_000;

/** The lifetimes that a policy allows; the server decides to the minute, and counts a month as what it is. */
export function choicesWithin(rules: LifetimeRules): ExpiryChoice[] {
  const now = new Date();
  return EXPIRY_CHOICE_NAMES.filter((choice) => isWithin(rules, now, expiryAfter(choice, now)));
}

/** The longest of them; there is always the one that the policy offers first. */
export function longestWithin(rules: LifetimeRules): ExpiryChoice {
  return choicesWithin(rules).at(-1) ?? rules.defaultLifetime;
}

/** Whether a key may live from the one instant to the other; null is for ever. */
export function isWithin({ maxLifetimeDays, mayNeverExpire }: LifetimeRules, from: Date, until: Date | null): boolean {
  if (!until) return mayNeverExpire && maxLifetimeDays === null;
  return maxLifetimeDays === null || until.getTime() - from.getTime() <= (maxLifetimeDays + 1) * DAY_MS;
}
