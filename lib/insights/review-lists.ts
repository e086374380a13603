/** What can be wrong with an active key, the most urgent first. */
export const REVIEW_LISTS = [
  "owner_inactive",
  "new_addresses",
  "expiring",
  "never_expires",
  "unused",
  "never_used",
] as const;

export type ReviewQueryName = (typeof REVIEW_LISTS)[number];
/** What breaks the policy, its own rules say. */
export type ReviewListName = ReviewQueryName | "breaks_policy";

export const UNUSED_AFTER_DAYS = 90;
/** A younger key may still be on its way to where it will be used. */
export const NEVER_USED_AFTER_DAYS = 7;
export const EXPIRING_WITHIN_DAYS = 30;
export const NEW_FOR_DAYS = 7;
