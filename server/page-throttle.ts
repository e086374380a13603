import type { IncomingHttpHeaders } from "node:http";
import { setTimeout } from "node:timers/promises";
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { sessionSecretFromHeader } from "../lib/auth/session-cookie.ts";
import { clientSource } from "../lib/http/client-source.ts";

/**
 * Pages that one source address may open without a session. One takes some 15 ms of the main thread, which also answers
 * for keys; a sign-in takes about four.
 */
const limiter = new RateLimiterMemory({ points: 50, duration: 5 });

/** A client that loops over a connection gets one refusal in so long, which costs less than answering it at once. */
const REFUSAL_MS = 2_000;

/**
 * The seconds until a page may be opened from this address again; 0 where it may be opened now. A request with a session
 * cookie that we issued is never throttled, so that no flood locks out people who work behind the same address.
 */
export async function secondsUntilPage(path: string, headers: IncomingHttpHeaders, ip: string | null): Promise<number> {
  if (!isPage(path) || (await sessionSecretFromHeader(headers.cookie ?? null)) !== null) return 0;
  try {
    await limiter.consume(clientSource(ip));
    return 0;
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    await setTimeout(REFUSAL_MS);
    return Math.max(1, Math.ceil((refusal.msBeforeNext - REFUSAL_MS) / 1_000));
  }
}

/** The API has limits of its own, and what the pages load is served without rendering anything. */
const isPage = (path: string) => !path.startsWith("/api/") && !path.startsWith("/_next/");
