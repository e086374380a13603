/** The most active personal keys a member may hold where the team's policy says nothing else. */
export const MAX_ACTIVE_KEYS = 10;
export const MAX_NAME_LENGTH = 80;
/** Addresses and ranges of one key. Every call is compared with them, so they are few. */
export const MAX_ALLOWED_IPS = 50;
