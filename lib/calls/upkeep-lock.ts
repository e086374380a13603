/** An arbitrary number, the same in all processes. */
const LOCK = 728_354_913;

/** Selects, as `is_ours`, whether this transaction got the lock: only one process at a time does maintenance. */
export const TRY_UPKEEP_LOCK = `select pg_try_advisory_xact_lock(${LOCK}) as is_ours`;
