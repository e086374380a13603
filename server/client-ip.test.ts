import { describe, expect, test } from "vitest";
import { cameFromFurther, clientIp, parseTrustedProxies } from "./client-ip.ts";

const NONE = parseTrustedProxies([]);
const PROXIES = parseTrustedProxies(["10.0.0.0/8", "192.0.2.7/32", "fd00::/8", "fe80::/10"]);

describe("the client's address", () => {
  test.each([
    ["the socket's, when nobody is trusted", "203.0.113.5", "1.2.3.4", NONE, "203.0.113.5"],
    ["the socket's, when it is no trusted proxy", "203.0.113.5", "1.2.3.4", PROXIES, "203.0.113.5"],
    ["IPv4 mapped into IPv6, written plainly", "::ffff:203.0.113.5", undefined, NONE, "203.0.113.5"],
    ["without the zone it came over", "fe80::1%eth0", undefined, NONE, "fe80::1"],
    ["what the trusted proxy says", "10.1.1.1", "203.0.113.5", PROXIES, "203.0.113.5"],
    ["what the last trusted proxy of a chain says", "10.1.1.1", "203.0.113.5, 192.0.2.7", PROXIES, "203.0.113.5"],
    ["not what the client itself claims", "10.1.1.1", "1.2.3.4, 203.0.113.5", PROXIES, "203.0.113.5"],
    ["the proxy's own, when it says nothing", "10.1.1.1", undefined, PROXIES, "10.1.1.1"],
    ["IPv6 through an IPv6 proxy", "fd00::1", "2001:db8::7", PROXIES, "2001:db8::7"],
    ["through a proxy on a mapped socket", "::ffff:10.1.1.1", "203.0.113.5", PROXIES, "203.0.113.5"],
    ["through a proxy that is mapped itself", "10.1.1.1", "203.0.113.5, ::ffff:10.2.2.2", PROXIES, "203.0.113.5"],
    ["through a proxy on the same link", "fe80::1%eth0", "203.0.113.5", PROXIES, "203.0.113.5"],
    ["through a proxy on a link further on", "10.1.1.1", "203.0.113.5, fe80::1%25", PROXIES, "203.0.113.5"],
    ["the outermost, when all are trusted", "10.1.1.1", "10.9.9.9, 10.2.2.2", PROXIES, "10.9.9.9"],
    ["without its port", "10.1.1.1", "203.0.113.7:61598", PROXIES, "203.0.113.7"],
    ["IPv6 without brackets and port", "10.1.1.1", "[2001:db8::1]:443", PROXIES, "2001:db8::1"],
    ["IPv6 without brackets", "10.1.1.1", "[2001:db8::1]", PROXIES, "2001:db8::1"],
    ["mapped with a port, written plainly", "10.1.1.1", "[::ffff:203.0.113.7]:443", PROXIES, "203.0.113.7"],
    ["through proxies with ports", "10.1.1.1", "203.0.113.5:1, [fd00::7]:2, 10.2.2.2:3", PROXIES, "203.0.113.5"],
  ])("is %s", (_, socket, forwardedFor, trusted, expected) => {
    expect(clientIp(socket, { "x-forwarded-for": forwardedFor }, trusted)).toBe(expected);
  });

  test.each([
    "",
    " ",
    "unknown",
    "<script>",
    "client.example.com",
    "203.0.113.7:",
    "203.0.113.7:port",
    "203.0.113.7:1:2",
    "203.0.113.7:123456",
    "203.0.113.7 10.1.1.1",
    "203.0.113",
    "0313.0.113.7",
    "203.0.113.07:443",
    "2001:db8::1]:443",
    "[2001:db8::1",
    "[203.0.113.7]:443",
    "[[2001:db8::1]]",
    "203.0.113.7,",
    "1.2.3.4, <script>, 10.2.2.2",
    "1.2.3.4, , 10.2.2.2",
    "for=203.0.113.7",
  ])("is unknown, and no proxy's, when a trusted proxy says %j", (forwardedFor) => {
    expect(clientIp("10.1.1.1", { "x-forwarded-for": forwardedFor }, PROXIES)).toBeNull();
  });

  test("is unknown where the socket has none", () => {
    expect(clientIp(undefined, { "x-forwarded-for": "203.0.113.7" }, PROXIES)).toBeNull();
  });

  test.each([
    ["for=203.0.113.7", "203.0.113.7"],
    ["For=203.0.113.7;proto=https;by=10.1.1.1", "203.0.113.7"],
    ['by=10.1.1.1; for="203.0.113.7:47011" ;host=a.example', "203.0.113.7"],
    ["for=203.0.113.7:47011", "203.0.113.7"],
    ['for="[2001:db8:cafe::17]:4711"', "2001:db8:cafe::17"],
    ['for="[2001:db8:cafe::17]:_port"', "2001:db8:cafe::17"],
    ['for="[2001:db8:cafe::17]"', "2001:db8:cafe::17"],
    ["for=1.2.3.4, for=203.0.113.7, for=10.2.2.2", "203.0.113.7"],
    ["for=1.2.3.4,for=203.0.113.7", "203.0.113.7"],
    ["for=203.0.113.7;", "203.0.113.7"],
    // A quote sent by the client must not change how the proxy's part is parsed.
    ['for=1.2.3.4;x=", for="[2001:db8::1]"', "2001:db8::1"],
    ['for="1.2.3.4, for=203.0.113.7', "203.0.113.7"],
    // Proxies forward the client's Host unchanged.
    ['for=203.0.113.7;host="a;for=1.2.3.4"', null],
    ['for=203.0.113.7;host="a,for=1.2.3.4"', null],
    ['for=203.0.113.7;host="a,for=1.2.3.4;b="', null],
    ['for=203.0.113.7;host="a,for=1.2.3.4;b=\\""', null],
    ["for=203.0.113.7;for=1.2.3.4", null],
    ["for=unknown", null],
    ["for=_hidden", null],
    ['for=""', null],
    ["for=", null],
    ["proto=https", null],
    ["203.0.113.7", null],
    ["", null],
    ["for=203.0.113.7, proto=https", null],
  ])("is read from Forwarded: %s is %s", (forwarded, expected) => {
    expect(clientIp("10.1.1.1", { forwarded }, PROXIES)).toBe(expected);
    expect(clientIp("203.0.113.9", { forwarded }, PROXIES)).toBe("203.0.113.9");
  });

  test("is X-Forwarded-For's where there is Forwarded, too", () => {
    const headers = { "x-forwarded-for": "203.0.113.7", forwarded: "for=1.2.3.4" };
    expect(clientIp("10.1.1.1", headers, PROXIES)).toBe("203.0.113.7");
  });
});

describe("a request comes from further away than can be told", () => {
  test.each([
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-forwarded",
    "forwarded",
    "via",
    "x-real-ip",
    "x-client-ip",
    "x-cluster-client-ip",
    "true-client-ip",
    "cf-connecting-ip",
    "cdn-loop",
  ])("when an untrusted peer sends %s, or a trusted one nothing else that can be followed", (name) => {
    expect(cameFromFurther("127.0.0.1", { [name]: "127.0.0.1" }, NONE)).toBe(true);
    expect(cameFromFurther("127.0.0.1", { [name]: "127.0.0.1" }, PROXIES)).toBe(true);
    const isFollowed = name === "x-forwarded-for" || name === "forwarded";
    expect(cameFromFurther("10.1.1.1", { [name]: "127.0.0.1" }, PROXIES)).toBe(!isFollowed);
  });

  test("when an untrusted proxy stands behind a trusted one", () => {
    expect(cameFromFurther("10.1.1.1", { "x-forwarded-for": "8.8.8.8, 192.168.1.1" }, PROXIES)).toBe(true);
    expect(cameFromFurther("10.1.1.1", { forwarded: "for=8.8.8.8, for=192.168.1.1" }, PROXIES)).toBe(true);
  });

  test("but not when it says nothing of proxies, or trusted ones have told all the way", () => {
    expect(cameFromFurther("127.0.0.1", { host: "localhost", "x-request-id": "1", accept: "*/*" }, NONE)).toBe(false);
    const told = { "x-forwarded-for": "192.168.1.1, 10.2.2.2", "x-forwarded-host": "a", via: "1.1 caddy" };
    expect(cameFromFurther("10.1.1.1", told, PROXIES)).toBe(false);
    expect(cameFromFurther("10.1.1.1", { forwarded: "for=192.168.1.1;proto=http" }, PROXIES)).toBe(false);
  });
});
