/** The most active personal keys a member may hold. Revoked and expired ones don't count. */
export const MAX_ACTIVE_KEYS = 10;
export const MAX_NAME_LENGTH = 80;
