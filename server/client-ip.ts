import type { IncomingHttpHeaders } from "node:http";
import { isInRanges, normalizeIp } from "../lib/api-keys/ip-ranges.ts";
import { memoize } from "../lib/text/memoize.ts";
import { forwardedClaims } from "./forwarded-claims.ts";

/** Whether an address is a trusted proxy; null if none is configured. */
export type TrustedProxies = ((address: string) => boolean) | null;

/** Expects the parsed ranges of TRUSTED_PROXIES. */
export function parseTrustedProxies(ranges: readonly string[]): TrustedProxies {
  return ranges.length === 0 ? null : memoize((address) => isInRanges(address, ranges));
}

/**
 * The client's IP address, or null if unknown. Anyone can send X-Forwarded-For, so it is read from the right, where the
 * nearest proxy wrote, and only past trusted proxies. If a trusted proxy wrote something unreadable, the address is
 * unknown, never the proxy's own: otherwise a key whose allowlist names the proxy would work from anywhere.
 */
export function clientIp(
  socketAddress: string | undefined,
  headers: IncomingHttpHeaders,
  isTrusted: TrustedProxies,
): string | null {
  const address = normalizeIp(socketAddress ?? "") ?? null;
  if (isTrusted === null || address === null) return address;
  if (headers["x-forwarded-for"] === undefined && headers.forwarded === undefined) return address;
  return follow(address, headers, isTrusted).address;
}

/** Headers that mark a forwarded request. */
const FORWARDING = /^(?:x-)?forwarded|^via$|^cdn-loop$|real-ip$|client-?ip$|connecting-ip$|^x-envoy-external-address$/;

/**
 * Whether a request claims an origin that {@link clientIp} can't determine: it was forwarded by an untrusted peer, or
 * by a trusted one that doesn't say for whom.
 */
export function cameFromFurther(
  socketAddress: string | undefined,
  headers: IncomingHttpHeaders,
  isTrusted: TrustedProxies,
): boolean {
  if (!Object.keys(headers).some((name) => FORWARDING.test(name))) return false;
  const address = normalizeIp(socketAddress ?? "");
  if (address === undefined || !isTrusted?.(address)) return true;
  const { claimsRead, claimsLeft } = follow(address, headers, isTrusted);
  return claimsRead === 0 || claimsLeft > 0;
}

/** Walks from the socket's address towards the client as long as trusted proxies report the previous hop. */
function follow(socketAddress: string, headers: IncomingHttpHeaders, isTrusted: NonNullable<TrustedProxies>) {
  const { claims, addressIn } = forwardedClaims(headers);
  let address: string | null = socketAddress;
  let claimsLeft = claims.length;
  while (claimsLeft > 0 && address !== null && isTrusted(address)) address = addressIn(claims[--claimsLeft] ?? "");
  return { address, claimsRead: claims.length - claimsLeft, claimsLeft };
}
