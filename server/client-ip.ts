import ipaddr from "ipaddr.js";

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
  const claims = forwardedFor?.split(",").map((claim) => claim.trim()) ?? [];
  let address = normalise(socketAddress ?? "") ?? "unknown";
  while (claims.length > 0 && isTrusted(address, trusted)) {
    const claimed = normalise(claims.pop() ?? "");
    if (!claimed) break;
    address = claimed;
  }
  return address;
}

/** `undefined` for what is no address; an IPv4 address mapped into IPv6 becomes the plain one. */
function normalise(text: string): string | undefined {
  return ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text)
    ? ipaddr.process(text).toString()
    : undefined;
}

function isTrusted(text: string, trusted: TrustedProxies): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.parse(text);
  return trusted.some((range) => range[0].kind() === address.kind() && address.match(range));
}
