const HOUR_MS = 3_600_000;

/** A session ends after this long without a request. */
export const IDLE_TIMEOUT_MS = 12 * HOUR_MS;
/** A session ends this long after sign-in, whatever happens. */
export const ABSOLUTE_TIMEOUT_MS = 7 * 24 * HOUR_MS;
/** How old `last_seen_at` may get before a request renews it. */
export const SEEN_RESOLUTION_MS = 60_000;
/** Live sessions of one user: the least recently used beyond them end, so that nobody is kept from signing in. */
export const MAX_SESSIONS = 50;
