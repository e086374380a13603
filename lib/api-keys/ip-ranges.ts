import ipaddr from "ipaddr.js";
import { remembering } from "@/lib/text/remembering";

type Range = ReturnType<typeof ipaddr.parseCIDR>;

/**
 * An address as it is written everywhere in Latchkey: IPv4 mapped into IPv6 becomes the plain one,
 * IPv6 is compressed (RFC 5952) and without its zone, which names an interface of one machine alone
 * (RFC 4007). `undefined` for what is no address. The same few, a gateway's above all, come again
 * and again, and reading one is slow.
 */
export const normaliseIp = remembering((text: string): string | undefined =>
  normaliseWithoutZone(text.includes(":") ? text.replace(/%[\w.-]+$/, "") : text),
);

function normaliseWithoutZone(text: string): string | undefined {
  if (!text.includes(":")) return ipaddr.IPv4.isValidFourPartDecimal(text) ? text : undefined;
  const inGroups = withLastGroups(text);
  if (!ipaddr.IPv6.isValid(inGroups) || inGroups.includes("%")) return undefined;
  return ipaddr.process(inGroups).toString();
}

/**
 * IPv6 that ends like IPv4 (RFC 4291, section 2.2), with two groups in its place. ipaddr.js alone would take ::10.0.0.1
 * for ::ffff:10.0.0.1, and there any number, ::ffff:010.0.0.1 among them.
 */
function withLastGroups(text: string): string {
  const start = text.lastIndexOf(":") + 1;
  const ending = text.slice(start);
  if (!ipaddr.IPv4.isValidFourPartDecimal(ending)) return ending.includes(".") ? "" : text;
  const [a = 0, b = 0, c = 0, d = 0] = ending.split(".").map(Number);
  return `${text.slice(0, start)}${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
}

/** Whether an address lies in one of the ranges (CIDR, IPv4 and IPv6). Null, and what is no address, lies in none. */
export function isInRanges(ip: string | null, ranges: readonly string[]): boolean {
  const normal = ip === null ? undefined : normaliseIp(ip);
  if (normal === undefined) return false;
  const address = ipaddr.parse(normal);
  return ranges.some((text) => {
    const range = parseRange(text);
    return range !== null && range[0].kind() === address.kind() && address.match(range);
  });
}

/** Null for a range that can't be read: it contains nothing, so that a key is never wider than was meant. */
const parseRange = remembering(readRange);

/** A range as it is kept: CIDR, starting at its first address; or why it can't be, as a sentence that names the entry. */
export function normaliseRange(text: string): { range: string } | { problem: string } {
  const range = readRange(text.trim());
  if (!range) return { problem: `“${text}” is no IPv4 or IPv6 address and no range like 203.0.113.0/24.` };
  const [address, bits] = range;
  if (bits === 0) return { problem: `“${text}” means every address, which is no limit.` };
  const first = firstAddressOf(range);
  if (first !== address.toString()) {
    return { problem: `“${text}” doesn't begin where its range does. Write ${first}/${bits} for the whole range.` };
  }
  return { range: `${first}/${bits}` };
}

function firstAddressOf([address, bits]: Range): string {
  const family = address.kind() === "ipv6" ? ipaddr.IPv6 : ipaddr.IPv4;
  return family.networkAddressFromCIDR(`${address.toString()}/${bits}`).toString();
}

function readRange(text: string): Range | null {
  if (!text.includes("/")) {
    const address = normaliseWithoutZone(text);
    return address === undefined ? null : readRange(`${address}/${address.includes(":") ? 128 : 32}`);
  }
  const [start = "", prefix = "", ...rest] = text.split("/");
  const cidr = `${start.includes(":") ? withLastGroups(start) : start}/${prefix}`;
  // ipaddr.js alone would read 010.0.0.0/8 as octal, 0/0 as everything, and pass over a zone.
  const isRange = normaliseWithoutZone(start) !== undefined && /^(?:0|[1-9]\d*)$/.test(prefix) && rest.length === 0;
  if (!isRange || !ipaddr.isValidCIDR(cidr)) return null;
  const [address, bits] = ipaddr.parseCIDR(cidr);
  // ::ffff:10.0.0.0/104 means 10.0.0.0/8; a shorter prefix reaches beyond the mapped addresses.
  if (address.kind() === "ipv6" && (address as ipaddr.IPv6).isIPv4MappedAddress() && bits >= 96) {
    return [(address as ipaddr.IPv6).toIPv4Address(), bits - 96] as Range;
  }
  return [address, bits] as Range;
}
