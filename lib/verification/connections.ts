import "server-only";
import { openPool } from "@/lib/database/database-pool";
import { processWide } from "@/lib/process-wide";

/**
 * Far longer than anybody waits for an answer: a server to which everybody reconnects at once, as after a failover, is slow
 * to accept them, and giving up and starting over would only keep it so.
 */
const CONNECT_TIMEOUT_MS = 3_000;

/**
 * A database that hangs is as good as none. A statement may take longer than anybody waits for it, so that an answer which
 * came while this process was busy isn't thrown away with its connection.
 */
const LOOKUP_LIMITS = {
  // One batch at a time: what arrives meanwhile shares the next statement. Two made smaller batches and were slower.
  connections: 1,
  connectTimeoutMs: CONNECT_TIMEOUT_MS,
  queryTimeoutMs: 1_500,
};

/** Apart from the look-ups, so that none of them waits behind a flush. */
const USAGE_LIMITS = { connections: 1, connectTimeoutMs: CONNECT_TIMEOUT_MS, queryTimeoutMs: 10_000 };

/** One statement that writes one row; a server that can't commit it within this time isn't worth waiting for. */
const HEARTBEAT_LIMITS = { connections: 1, connectTimeoutMs: CONNECT_TIMEOUT_MS, queryTimeoutMs: 1_500 };

/** Apart from both, so that readiness checks never wait behind look-ups, nor look-ups behind them. */
const HEALTH_LIMITS = { connections: 1, connectTimeoutMs: 1_000, queryTimeoutMs: 1_500 };

export const lookupPool = processWide("lookupPool", () => openPool(LOOKUP_LIMITS));
export const usagePool = processWide("usagePool", () => openPool(USAGE_LIMITS));
/** Apart from the usage, so that a long flush doesn't look like a server that no longer commits. */
export const heartbeatPool = processWide("heartbeatPool", () => openPool(HEARTBEAT_LIMITS));
export const healthPool = processWide("healthPool", () => openPool(HEALTH_LIMITS));
