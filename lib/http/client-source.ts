import ipaddr from "ipaddr.js";

/** Whoever has one IPv6 address has its whole network of them (RFC 6177). */
const IPV6_NETWORK_BITS = 64;

/** What attempts from a client's address are counted under: the address itself, or the first of its IPv6 /64. */
export function clientSource(ip: string | null): string {
  if (ip === null) return "unknown";
  if (!ip.includes(":") || !ipaddr.IPv6.isValid(ip)) return ip;
  return ipaddr.IPv6.networkAddressFromCIDR(`${ip}/${IPV6_NETWORK_BITS}`).toString();
}
