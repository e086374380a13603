/** Options for a leaving member's personal key. */
export const KEY_FATES = ["revoke", "new_token", "same_token"] as const;
export type KeyFate = (typeof KEY_FATES)[number];
