import "server-only";
import { openPool } from "@/lib/database-pool";
import { processWide } from "@/lib/process-wide";

/** Look-ups in one batch share a statement, and so many batches are on the wire at once; more did not help. */
export const BATCHES_IN_FLIGHT = 2;

/** A gateway waits for the answer: a database that hangs is as good as none. */
const LOOKUP_LIMITS = { connections: BATCHES_IN_FLIGHT, connectTimeoutMs: 700, queryTimeoutMs: 900 };

/** Apart from the look-ups, so that none of them waits behind a flush. */
const USAGE_LIMITS = { connections: 1, connectTimeoutMs: 3_000, queryTimeoutMs: 10_000 };

export const lookupPool = processWide("lookupPool", () => openPool(LOOKUP_LIMITS));
export const usagePool = processWide("usagePool", () => openPool(USAGE_LIMITS));
