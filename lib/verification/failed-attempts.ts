import "server-only";
import { LRUCache } from "lru-cache";
import { clientSource } from "@/lib/http/client-source";
import { processWide } from "@/lib/process-wide";

const WINDOW_MS = 60_000;
const MAX_ATTEMPTS = 300;
/** Addresses remembered at once; of more, those that were quiet the longest are forgotten. */
const MAX_SOURCES = 50_000;

type Attempts = { count: number; until: number };

const attempts = processWide(
  "failedAttempts",
  () => new LRUCache<string, Attempts>({ max: MAX_SOURCES, ttl: WINDOW_MS, noUpdateTTL: true }),
);

/**
 * Counts a token that nobody made, presented from this address. Returns how many seconds to wait
 * once there were too many within a minute, else null. Asked only after the decision: a good token
 * is never throttled, whoever else sends from its address.
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
