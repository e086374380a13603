import { BlockList, SocketAddress } from "node:net";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isInRanges, normalizeIp, normalizeRange } from "@/lib/api-keys/ip-ranges";

describe("an address lies in a range", () => {
  test.each([
    ["IPv4", "192.0.2.7", "192.0.2.0/24"],
    ["the first of a range", "192.0.2.0", "192.0.2.0/24"],
    ["the last of a range", "192.0.2.255", "192.0.2.0/24"],
    ["a range whose address isn't its first", "192.0.2.200", "192.0.2.7/24"],
    ["an odd prefix", "10.7.255.255", "10.0.0.0/13"],
    ["all of IPv4", "255.255.255.255", "0.0.0.0/0"],
    ["one address with its prefix", "192.0.2.7", "192.0.2.7/32"],
    ["one address without a prefix", "192.0.2.7", "192.0.2.7"],
    ["IPv6", "2001:db8:0:1::7", "2001:db8::/32"],
    ["IPv6, written in full", "2001:0DB8:0000:0000:0000:0000:0000:0007", "2001:db8::6/127"],
    ["all of IPv6", "ffff::1", "::/0"],
    ["one IPv6 address with its prefix", "::1", "::1/128"],
    ["one IPv6 address without a prefix", "2001:db8::7", "2001:DB8:0::7"],
    ["IPv4 that came over IPv6, in a range of IPv4", "::ffff:192.0.2.7", "192.0.2.0/24"],
    ["IPv4 that came over IPv6, in hexadecimal", "::ffff:c000:207", "192.0.2.0/24"],
    ["IPv4, in a range written for IPv6", "192.0.2.7", "::ffff:192.0.2.0/120"],
    ["IPv4 that came over IPv6, in a range written so", "::ffff:192.0.2.7", "::ffff:192.0.2.0/120"],
    ["IPv4, in all of it written for IPv6", "8.8.8.8", "::ffff:0:0/96"],
    ["IPv6 with the zone it came over", "fe80::1%eth0", "fe80::/64"],
    ["IPv4, as one address written for IPv6", "192.0.2.7", "::ffff:192.0.2.7"],
  ])("%s", (_, ip, range) => expect(isInRanges(ip, [range])).toBe(true));

  test("when it lies in any of several", () => {
    expect(isInRanges("2001:db8::7", ["192.0.2.0/24", "nonsense", "2001:db8::/64"])).toBe(true);
  });
});

describe("an address doesn't lie in a range", () => {
  test.each([
    ["just below it", "192.0.1.255", "192.0.2.0/24"],
    ["just above it", "192.0.3.0", "192.0.2.0/24"],
    ["beside one address", "192.0.2.8", "192.0.2.7/32"],
    ["beside one address without a prefix", "192.0.2.8", "192.0.2.7"],
    ["IPv6 beside it", "2001:db9::", "2001:db8::/32"],
    ["IPv6 in all of IPv4", "2001:db8::7", "0.0.0.0/0"],
    ["IPv4 in all of IPv6", "192.0.2.7", "::/0"],
    ["IPv4 that came over IPv6, in all of IPv6", "::ffff:192.0.2.7", "::/0"],
    ["IPv4 in a range that reaches beyond the addresses mapped into IPv6", "192.0.2.7", "::ffff:0:0/95"],
    ["IPv4 with the same digits as IPv6", "0.0.0.1", "::1"],
    ["IPv4, in a range of IPv6 that only ends like IPv4", "10.0.0.1", "::10.0.0.0/104"],
    ["IPv6 that only ends like IPv4, in a range of IPv4", "::10.0.0.1", "10.0.0.0/8"],
  ])("%s", (_, ip, range) => expect(isInRanges(ip, [range])).toBe(false));

  test("when there is none", () => expect(isInRanges("192.0.2.7", [])).toBe(false));
});

const GARBAGE = [
  "",
  " ",
  "garbage",
  "unknown",
  "1",
  "3221225991",
  "192.0.2",
  "192.0.2.7.1",
  "192.0.2.256",
  "192.0.2.07",
  "0300.0.2.7",
  "0xc0.0.2.7",
  "192.0.2.7 ",
  " 192.0.2.7",
  "192.0.2.7:443",
  "[::1]",
  "[::1]:443",
  ":::",
  "::1::",
  "12345::",
  "1:2:3:4:5:6:7:8:9",
  "::1%",
  "fe80::1%eth0%eth1",
  "fe80::1%eth0/64",
  "%eth0",
  "192.0.2.7%1",
  "192.0.2.7\0",
  "192.0.2.7\n",
  "192.0.2.7/32",
  "::ffff:192.0.2.07",
  "::ffff:010.0.0.1",
  "::ffff:0xc0.0.2.7",
  "::ffff:192.0.2",
  "::ffff:192.0.2.256",
  "localhost",
];

test.each(GARBAGE)("%j is no address and is in no range, not even in one of all addresses", (text) => {
  expect(normalizeIp(text)).toBeUndefined();
  expect(isInRanges(text, ["0.0.0.0/0", "::/0", text])).toBe(false);
});

test("an unknown address is in no range", () => {
  expect(isInRanges(null, ["0.0.0.0/0", "::/0"])).toBe(false);
});

test.each([
  ...GARBAGE.filter((text) => text !== "192.0.2.7/32"),
  "fe80::1%eth0",
  "::ffff:192.0.2.7%1",
  "192.0.2.0/33",
  "192.0.2.0/-1",
  "192.0.2.0/",
  "192.0.2.0/24/24",
  "192.0.2.0/255.255.255.0",
  "192.0.2.0-192.0.2.255",
  "192.0.2.*",
  "/0",
  "::/129",
  "fe80::%eth0/64",
  "2001:db8::/32 ",
  "*",
  "0/0",
  "010.0.0.0/8",
  "10.1/16",
  "0x0a000000/8",
  "10.0.0.0/08",
  "2001:db8::/032",
  "::ffff:010.0.0.0/104",
  "::ffff:0xa.0.0.0/104",
])("the range %j can't be read and contains nothing", (range) => {
  for (const ip of ["192.0.2.7", "10.0.0.1", "8.0.0.1", "0.0.0.0", "::", "::1", "fe80::1", "2001:db8::7"]) {
    expect(isInRanges(ip, [range])).toBe(false);
  }
});

test.each([
  ["192.0.2.7", "192.0.2.7"],
  ["::ffff:192.0.2.7", "192.0.2.7"],
  ["::FFFF:C000:0207", "192.0.2.7"],
  ["2001:0db8:0000:0000:0000:0000:0000:0007", "2001:db8::7"],
  ["2001:DB8::7", "2001:db8::7"],
  ["0:0:0:0:0:0:0:1", "::1"],
  ["fe80::1%eth0", "fe80::1"],
  ["fe80::1%en-0.7_a", "fe80::1"],
  ["::ffff:192.0.2.7%1", "192.0.2.7"],
  ["64:ff9b::192.0.2.7", "64:ff9b::c000:207"],
  ["::192.0.2.7", "::c000:207"],
])("%s is written %s", (text, written) => {
  expect(normalizeIp(text)).toBe(written);
  expect(normalizeIp(text)).toBe(written);
});

describe("for any address and any ranges the answer is that of Node's BlockList", () => {
  const byte = fc.integer({ min: 0, max: 255 });
  const ipv4 = fc.tuple(byte, byte, byte, byte).map((bytes) => bytes.join("."));
  const group = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff }));
  const ipv6 = fc
    .tuple(fc.constantFrom(0x2001, 0xfe80, 0xfd00), ...Array.from({ length: 7 }, () => group))
    .map((groups) => groups.map((each) => each.toString(16)).join(":"));

  /** One bit changed, so that about every other address lies in the range. */
  function flip(ip: string, bit: number): string {
    const [separator, size, radix] = ip.includes(":") ? ([":", 16, 16] as const) : ([".", 8, 10] as const);
    const parts = ip.split(separator).map((part) => Number.parseInt(part, radix));
    const place = Math.floor(bit / size);
    parts[place] = (parts[place] as number) ^ (1 << (size - 1 - (bit % size)));
    return parts.map((part) => part.toString(radix)).join(separator);
  }

  const families = [
    { family: "ipv4", address: ipv4, width: 32 },
    { family: "ipv6", address: ipv6, width: 128 },
  ] as const;

  test.each(families)("$family", ({ family, address, width }) => {
    const bits = fc.integer({ min: 0, max: width });
    const bit = fc.integer({ min: 0, max: width - 1 });
    const ranges = fc.array(fc.record({ address, bits }), { maxLength: 3 });
    const seen = { inside: 0, outside: 0 };
    fc.assert(
      fc.property(fc.record({ address, bits }), ranges, bit, (first, more, flipped) => {
        const list = new BlockList();
        for (const range of [first, ...more]) list.addSubnet(range.address, range.bits, family);
        const ip = flip(first.address, flipped);
        const expected = list.check(ip, family);
        seen[expected ? "inside" : "outside"]++;
        const texts = [first, ...more].map((range) => `${range.address}/${range.bits}`);
        expect(isInRanges(ip, texts)).toBe(expected);
        expect(isInRanges(normalizeIp(ip) ?? "", texts)).toBe(expected);
        if (family === "ipv4") expect(isInRanges(`::ffff:${ip}`, texts)).toBe(expected);
      }),
      { numRuns: 2_000 },
    );
    expect(Math.min(seen.inside, seen.outside)).toBeGreaterThan(100);
  });

  test.each(families)("$family is written as Node writes it", ({ family, address }) => {
    fc.assert(
      fc.property(address, (ip) => {
        expect(normalizeIp(ip)).toBe(new SocketAddress({ address: ip, family }).address);
      }),
      { numRuns: 1_000 },
    );
  });
});

test("what is remembered of some ten thousand ranges and addresses doesn't mix them up", () => {
  for (let number = 0; number < 12_000; number++) {
    const network = `10.${number >> 8}.${number & 255}`;
    expect(isInRanges(`${network}.7`, [`${network}.0/24`])).toBe(true);
    expect(isInRanges("11.0.0.7", [`${network}.0/24`])).toBe(false);
  }
});

describe("a range is kept", () => {
  test.each([
    ["203.0.113.7", "203.0.113.7/32"],
    ["203.0.113.7/32", "203.0.113.7/32"],
    ["10.0.0.0/8", "10.0.0.0/8"],
    [" 10.0.0.0/8 ", "10.0.0.0/8"],
    ["128.0.0.0/1", "128.0.0.0/1"],
    ["2001:0DB8:0:0::1", "2001:db8::1/128"],
    ["2001:DB8::/32", "2001:db8::/32"],
    ["::1", "::1/128"],
    ["::ffff:203.0.113.7", "203.0.113.7/32"],
    ["::ffff:10.0.0.0/104", "10.0.0.0/8"],
  ])("from %j as %s", (text, range) => {
    expect(normalizeRange(text)).toEqual({ range });
  });

  test.each([
    "",
    " ",
    "here",
    "localhost",
    "example.com",
    "203.0.113",
    "203.0.113.256",
    "203.0.113.7.9",
    "010.0.0.1",
    "0x7f.0.0.1",
    "2130706433",
    "10.0.0.0/33",
    "10.0.0.0/-1",
    "10.0.0.0/",
    "/8",
    "10.0.0.0/8/8",
    "10.0.0.0/a",
    "10.0.0.0-10.0.0.9",
    "10.*",
    "2001:db8::/129",
    "2001:db8:::1",
    "fe80::1%eth0",
    "[::1]",
    "203.0.113.7:443",
    "http://203.0.113.7",
    "203.0.113.7, 203.0.113.8",
    "203.0.113.7\0",
    "٢٠٣.0.113.7",
  ])("never from %j, which is named", (text) => {
    expect(normalizeRange(text)).toEqual({ problem: expect.stringContaining(`“${text}” isn't an IP address`) });
  });

  test.each(["0.0.0.0/0", "::/0", "::ffff:0.0.0.0/96", "10.0.0.0/0"])(
    "not for %s, which covers all addresses",
    (text) => {
      expect(normalizeRange(text)).toEqual({ problem: expect.stringContaining(`“${text}” covers every IP address`) });
    },
  );

  test.each([
    ["10.0.0.5/8", "10.0.0.0/8"],
    ["203.0.113.7/24", "203.0.113.0/24"],
    ["2001:db8::1/32", "2001:db8::/32"],
    ["::ffff:10.0.0.5/104", "10.0.0.0/8"],
  ])("never from %s, which begins in the middle of its range", (text, meant) => {
    expect(normalizeRange(text)).toEqual({ problem: expect.stringContaining(`Enter ${meant} for the whole range.`) });
  });

  test("as what enforcement reads the same", () => {
    for (const text of ["203.0.113.7", "::ffff:10.0.0.0/104", "2001:DB8::/32"]) {
      const kept = normalizeRange(text);
      if (!("range" in kept)) throw new Error(kept.problem);
      for (const ip of ["203.0.113.7", "203.0.113.8", "10.9.8.7", "2001:db8::9", "2001:db9::9", "::ffff:10.0.0.1"]) {
        expect(isInRanges(ip, [kept.range]), `${ip} in ${text}`).toBe(isInRanges(ip, [text]));
      }
    }
  });
});
