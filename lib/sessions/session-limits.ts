const HOUR_MS = 3_600_000;

/** Idle timeout. */
export const IDLE_TIMEOUT_MS = 12 * HOUR_MS;
/** Absolute timeout after sign-in. */
export const ABSOLUTE_TIMEOUT_MS = 7 * 24 * HOUR_MS;
/** How old `last_seen_at` can get before a request updates it. */
export const SEEN_RESOLUTION_MS = 60_000;
/** Per user; beyond this, the least recently used sessions end, so that sign-in always works. */
export const MAX_SESSIONS = 50;
