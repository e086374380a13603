import "server-only";
import { openPool } from "@/lib/database/database-pool";
import { processWide } from "@/lib/process-wide";

/**
 * Much longer than a request waits for its answer: after a failover all clients reconnect at once and the server accepts
 * connections slowly. Giving up and retrying would only add to its load.
 */
const CONNECT_TIMEOUT_MS = 3_000;

/**
 * A query that exceeds its timeout closes the connection. The timeout is longer than a request waits, so that an answer
 * that arrived while this process was busy isn't discarded together with the connection.
 */
const LOOKUP_LIMITS = {
  // One batch at a time: lookups that arrive meanwhile share the next statement. Two connections meant smaller batches and
  // were slower.
  connections: 1,
  connectTimeoutMs: CONNECT_TIMEOUT_MS,
  queryTimeoutMs: 1_500,
};

/** Separate from lookups, so that none of them waits behind a flush. */
const USAGE_LIMITS = { connections: 1, connectTimeoutMs: CONNECT_TIMEOUT_MS, queryTimeoutMs: 10_000 };

/** One statement that writes one row; a server that can't commit it within this time counts as unavailable. */
const HEARTBEAT_LIMITS = { connections: 1, connectTimeoutMs: CONNECT_TIMEOUT_MS, queryTimeoutMs: 1_500 };

/** Separate from both, so that readiness checks and lookups never wait for each other. */
const HEALTH_LIMITS = { connections: 1, connectTimeoutMs: 1_000, queryTimeoutMs: 1_500 };

export const lookupPool = processWide("lookupPool", () => openPool(LOOKUP_LIMITS));
export const usagePool = processWide("usagePool", () => openPool(USAGE_LIMITS));
/** Separate from usage, so that a long flush doesn't look like a server that no longer commits. */
export const heartbeatPool = processWide("heartbeatPool", () => openPool(HEARTBEAT_LIMITS));
export const healthPool = processWide("healthPool", () => openPool(HEALTH_LIMITS));
