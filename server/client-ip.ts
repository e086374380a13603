import ipaddr from "ipaddr.js";
import { normaliseIp } from "../lib/api-keys/ip-ranges.ts";

type Range = ReturnType<typeof ipaddr.parseCIDR>;

/** The proxies whose word on the client's address counts. */
export type TrustedProxies = readonly Range[];

/** Takes addresses and CIDR ranges that have been checked already. */
export function parseTrustedProxies(entries: readonly string[]): TrustedProxies {
  return entries.map((entry) => (entry.includes("/") ? ipaddr.parseCIDR(entry) : singleAddress(entry)));
}

function singleAddress(entry: string): Range {
  const address = ipaddr.process(entry);
  return [address, address.kind() === "ipv4" ? 32 : 128] as Range;
}

/**
 * The address a request came from. Anyone can send X-Forwarded-For, so it is read from the right,
 * where the nearest proxy wrote, and only as far as trusted proxies reach.
 */
export function clientIp(
  socketAddress: string | undefined,
  forwardedFor: string | undefined,
  trusted: TrustedProxies,
): string {
  let address = normaliseIp(socketAddress ?? "") ?? "unknown";
  if (forwardedFor === undefined || trusted.length === 0) return address;
  const claims = forwardedFor.split(",").map((claim) => claim.trim());
  while (claims.length > 0 && isTrusted(address, trusted)) {
    const claimed = normaliseIp(claims.pop() ?? "");
    if (!claimed) break;
    address = claimed;
  }
  return address;
}

function isTrusted(text: string, trusted: TrustedProxies): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.parse(text);
  return trusted.some((range) => range[0].kind() === address.kind() && address.match(range));
}
