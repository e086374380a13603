/** The most active personal keys a member may hold. Revoked and expired ones don't count, and team keys are nobody's. */
export const MAX_ACTIVE_KEYS = 10;
export const MAX_NAME_LENGTH = 80;
