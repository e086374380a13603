/** Any number will do, as long as every process takes the same. */
const LOCK = 728_354_913;

/** Selects as `is_ours` whether this transaction may tidy up: of several processes one does it at a time. */
export const TRY_UPKEEP_LOCK = `select pg_try_advisory_xact_lock(${LOCK}) as is_ours`;
