import ipaddr from "ipaddr.js";

/** The owner of an IPv6 address usually owns its whole /64 (RFC 6177). */
const IPV6_NETWORK_BITS = 64;

/** The key under which a client's attempts are counted: its IP address, or the first address of its IPv6 /64. */
export function clientSource(ip: string | null): string {
  if (ip === null) return "unknown";
  if (!ip.includes(":") || !ipaddr.IPv6.isValid(ip)) return ip;
  return ipaddr.IPv6.networkAddressFromCIDR(`${ip}/${IPV6_NETWORK_BITS}`).toString();
}
