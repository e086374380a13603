import type { IncomingHttpHeaders } from "node:http";
import { isInRanges, normaliseIp } from "../lib/api-keys/ip-ranges.ts";
import { remembering } from "../lib/text/remembering.ts";
import { forwardedClaims } from "./forwarded-claims.ts";

/** Tells a proxy whose word on the client's address counts from everyone else; null where nobody's does. */
export type TrustedProxies = ((address: string) => boolean) | null;

/** Takes ranges as TRUSTED_PROXIES is read into. */
export function parseTrustedProxies(ranges: readonly string[]): TrustedProxies {
  return ranges.length === 0 ? null : remembering((address) => isInRanges(address, ranges));
}

/**
 * The address a request came from, or null where it can't be known. Anyone can send X-Forwarded-For, so it is read
 * from the right, where the nearest proxy wrote, and only as far as trusted proxies reach. What such a proxy wrote and
 * can't be read is an unknown address, never the proxy's own: a key narrowed to the proxy would be good from anywhere.
 */
export function clientIp(
  socketAddress: string | undefined,
  headers: IncomingHttpHeaders,
  isTrusted: TrustedProxies,
): string | null {
  const address = normaliseIp(socketAddress ?? "") ?? null;
  if (isTrusted === null || address === null) return address;
  if (headers["x-forwarded-for"] === undefined && headers.forwarded === undefined) return address;
  return follow(address, headers, isTrusted).address;
}

/** Headers by which proxies say that they pass a request on. */
const FORWARDING = /^(?:x-)?forwarded|^via$|^cdn-loop$|real-ip$|client-?ip$|connecting-ip$|^x-envoy-external-address$/;

/**
 * Whether a request says that it comes from further away than {@link clientIp} can tell: an untrusted peer passed it
 * on, or a trusted one without saying for whom.
 */
export function cameFromFurther(
  socketAddress: string | undefined,
  headers: IncomingHttpHeaders,
  isTrusted: TrustedProxies,
): boolean {
  if (!Object.keys(headers).some((name) => FORWARDING.test(name))) return false;
  const address = normaliseIp(socketAddress ?? "");
  if (address === undefined || !isTrusted?.(address)) return true;
  const { claimsRead, claimsLeft } = follow(address, headers, isTrusted);
  return claimsRead === 0 || claimsLeft > 0;
}

/** Goes from the socket's address back towards the client, for as long as trusted proxies tell where to. */
function follow(socketAddress: string, headers: IncomingHttpHeaders, isTrusted: NonNullable<TrustedProxies>) {
  const { claims, addressIn } = forwardedClaims(headers);
  let address: string | null = socketAddress;
  let claimsLeft = claims.length;
  while (claimsLeft > 0 && address !== null && isTrusted(address)) address = addressIn(claims[--claimsLeft] ?? "");
  return { address, claimsRead: claims.length - claimsLeft, claimsLeft };
}
