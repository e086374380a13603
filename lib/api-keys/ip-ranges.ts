import ipaddr from "ipaddr.js";
import { memoize } from "@/lib/text/memoize";

type Range = ReturnType<typeof ipaddr.parseCIDR>;

/**
 * The canonical form of an IP address: IPv4-mapped IPv6 as IPv4, other IPv6 compressed (RFC 5952) and without its zone,
 * which names an interface of one machine (RFC 4007). `undefined` if it isn't an address. Cached, because parsing is slow
 * and few addresses, above all gateways', account for most requests.
 */
export const normalizeIp = memoize((text: string): string | undefined =>
  normalizeWithoutZone(text.includes(":") ? text.replace(/%[\w.-]+$/, "") : text),
);

function normalizeWithoutZone(text: string): string | undefined {
  if (!text.includes(":")) return ipaddr.IPv4.isValidFourPartDecimal(text) ? text : undefined;
  const inGroups = withLastGroups(text);
  if (!ipaddr.IPv6.isValid(inGroups) || inGroups.includes("%")) return undefined;
  return ipaddr.process(inGroups).toString();
}

/**
 * Replaces an IPv4 ending of an IPv6 address (RFC 4291, section 2.2) by two groups. ipaddr.js would parse ::10.0.0.1 as
 * ::ffff:10.0.0.1, and accept octal and other numbers there, such as ::ffff:010.0.0.1.
 */
function withLastGroups(text: string): string {
  const start = text.lastIndexOf(":") + 1;
  const ending = text.slice(start);
  if (!ipaddr.IPv4.isValidFourPartDecimal(ending)) return ending.includes(".") ? "" : text;
  const [a = 0, b = 0, c = 0, d = 0] = ending.split(".").map(Number);
  return `${text.slice(0, start)}${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
}

/** Whether an address is in one of the ranges (CIDR, IPv4 and IPv6). Null and invalid addresses are in none. */
export function isInRanges(ip: string | null, ranges: readonly string[]): boolean {
  const normal = ip === null ? undefined : normalizeIp(ip);
  if (normal === undefined) return false;
  const address = ipaddr.parse(normal);
  return ranges.some((text) => {
    const range = parseRange(text);
    return range !== null && range[0].kind() === address.kind() && address.match(range);
  });
}

/** Null for an invalid range. It then contains no address, so that a key never allows more than was intended. */
const parseRange = memoize(readRange);

/** A range in its stored form (CIDR, starting at its first address), or a message that says what is wrong with the entry. */
export function normalizeRange(text: string): { range: string } | { problem: string } {
  const range = readRange(text.trim());
  if (!range) return { problem: `“${text}” isn't an IP address or a CIDR range like 203.0.113.0/24.` };
  const [address, bits] = range;
  if (bits === 0) return { problem: `“${text}” covers every IP address, so it restricts nothing.` };
  const first = firstAddressOf(range);
  if (first !== address.toString()) {
    return { problem: `“${text}” doesn't start at its network address. Enter ${first}/${bits} for the whole range.` };
  }
  return { range: `${first}/${bits}` };
}

function firstAddressOf([address, bits]: Range): string {
  const family = address.kind() === "ipv6" ? ipaddr.IPv6 : ipaddr.IPv4;
  return family.networkAddressFromCIDR(`${address.toString()}/${bits}`).toString();
}

function readRange(text: string): Range | null {
  if (!text.includes("/")) {
    const address = normalizeWithoutZone(text);
    return address === undefined ? null : readRange(`${address}/${address.includes(":") ? 128 : 32}`);
  }
  const [start = "", prefix = "", ...rest] = text.split("/");
  const cidr = `${start.includes(":") ? withLastGroups(start) : start}/${prefix}`;
  // ipaddr.js would parse 010.0.0.0/8 as octal, accept 0/0 as all addresses, and ignore a zone.
  const isRange = normalizeWithoutZone(start) !== undefined && /^(?:0|[1-9]\d*)$/.test(prefix) && rest.length === 0;
  if (!isRange || !ipaddr.isValidCIDR(cidr)) return null;
  const [address, bits] = ipaddr.parseCIDR(cidr);
  // ::ffff:10.0.0.0/104 means 10.0.0.0/8; a prefix shorter than 96 covers more than the mapped addresses.
  if (address.kind() === "ipv6" && (address as ipaddr.IPv6).isIPv4MappedAddress() && bits >= 96) {
    return [(address as ipaddr.IPv6).toIPv4Address(), bits - 96] as Range;
  }
  return [address, bits] as Range;
}
