import type { IncomingHttpHeaders } from "node:http";
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { sessionSecretFromHeader } from "../lib/auth/session-cookie.ts";
import { clientSource } from "../lib/client-source.ts";

/**
 * Pages that one source address may open without a session. One takes some 15 ms of the main thread, which also answers
 * for keys; a sign-in takes about four.
 */
const limiter = new RateLimiterMemory({ points: 100, duration: 10 });

/**
 * The seconds until a page may be opened from this address again; 0 where it may be now. Whoever sends a session cookie that
 * we issued is never throttled, so that nobody's flood can lock out people who work behind the same address.
 */
export async function secondsUntilPage(path: string, headers: IncomingHttpHeaders, ip: string | null): Promise<number> {
  if (!isPage(path) || (await sessionSecretFromHeader(headers.cookie ?? null)) !== null) return 0;
  try {
    await limiter.consume(clientSource(ip));
    return 0;
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) return Math.max(1, Math.ceil(refusal.msBeforeNext / 1_000));
    throw refusal;
  }
}

/** The API has limits of its own, and what the pages load is served without rendering anything. */
const isPage = (path: string) => !path.startsWith("/api/") && !path.startsWith("/_next/");
