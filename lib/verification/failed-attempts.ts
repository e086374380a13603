import "server-only";
import { LRUCache } from "lru-cache";
import { clientSource } from "@/lib/http/client-source";
import { processWide } from "@/lib/process-wide";

const WINDOW_MS = 60_000;
const MAX_ATTEMPTS = 300;
/** Beyond this many addresses, the least recently used are evicted. */
const MAX_SOURCES = 50_000;

type Attempts = { count: number; until: number };

const attempts = processWide(
  "failedAttempts",
  () => new LRUCache<string, Attempts>({ max: MAX_SOURCES, ttl: WINDOW_MS, noUpdateTTL: true }),
);

/**
 * Counts an unknown token presented from this address. Returns the seconds to wait after too many within a minute, else
 * null. Called only after the decision: a good token is never throttled, whatever else comes from its address.
 */
export function countFailedAttempt(ip: string | null, now = Date.now()): number | null {
  const source = clientSource(ip);
  let known = attempts.get(source);
  if (!known || known.until <= now) {
    known = { count: 0, until: now + WINDOW_MS };
    attempts.set(source, known);
  }
  known.count++;
  return known.count > MAX_ATTEMPTS ? Math.ceil((known.until - now) / 1_000) : null;
}
