/** Default limit of a member's active personal keys; the team's policy can override it. */
export const MAX_ACTIVE_KEYS = 10;
export const MAX_NAME_LENGTH = 80;
/** Addresses and ranges of one key. Low, because every verification compares all of them. */
export const MAX_ALLOWED_IPS = 50;
