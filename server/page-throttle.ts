import type { IncomingHttpHeaders } from "node:http";
import { setTimeout } from "node:timers/promises";
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { sessionSecretFromHeader } from "../lib/auth/session-cookie.ts";
import { clientSource } from "../lib/http/client-source.ts";

/**
 * Pages per source address without a session. A page takes about 15 ms of the main thread, which also verifies keys; a
 * sign-in loads about four.
 */
const limiter = new RateLimiterMemory({ points: 50, duration: 5 });

/** Delay of a 429, which slows down a client that retries in a loop and costs less than immediate responses. */
const RESPONSE_DELAY_MS = 2_000;

/**
 * Seconds until this address may open a page again; 0 if now. Requests with a genuine session cookie are never
 * throttled, so that a flood doesn't lock out users behind the same address.
 */
export async function secondsUntilPage(path: string, headers: IncomingHttpHeaders, ip: string | null): Promise<number> {
  if (!isPage(path) || (await sessionSecretFromHeader(headers.cookie ?? null)) !== null) return 0;
  try {
    await limiter.consume(clientSource(ip));
    return 0;
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    await setTimeout(RESPONSE_DELAY_MS);
    return Math.max(1, Math.ceil((refusal.msBeforeNext - RESPONSE_DELAY_MS) / 1_000));
  }
}

/** The API has its own limits, and page assets are served without rendering. */
const isPage = (path: string) => !path.startsWith("/api/") && !path.startsWith("/_next/");
