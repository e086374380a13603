/** The reasons to review an active key, most urgent first. */
export const REVIEW_LISTS = [
  "owner_inactive",
  "new_addresses",
  "expiring",
  "never_expires",
  "unused",
  "never_used",
] as const;

export type ReviewQueryName = (typeof REVIEW_LISTS)[number];
/** `breaks_policy` has its own query. */
export type ReviewListName = ReviewQueryName | "breaks_policy";

export const UNUSED_AFTER_DAYS = 90;
/** A newer key may not have been deployed yet. */
export const NEVER_USED_AFTER_DAYS = 7;
export const EXPIRING_WITHIN_DAYS = 30;
export const NEW_FOR_DAYS = 7;
