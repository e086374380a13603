/** What can become of a personal key whose member leaves. */
export const KEY_FATES = ["revoke", "new_token", "same_token"] as const;
export type KeyFate = (typeof KEY_FATES)[number];
