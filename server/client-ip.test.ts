import { describe, expect, test } from "vitest";
import { clientIp, parseTrustedProxies } from "./client-ip.ts";

const NONE = parseTrustedProxies([]);
const PROXIES = parseTrustedProxies(["10.0.0.0/8", "192.0.2.7", "fd00::/8"]);

describe("the client's address", () => {
  test.each([
    ["the socket's, when nobody is trusted", "203.0.113.5", "1.2.3.4", NONE, "203.0.113.5"],
    ["the socket's, when it is no trusted proxy", "203.0.113.5", "1.2.3.4", PROXIES, "203.0.113.5"],
    ["IPv4 mapped into IPv6, written plainly", "::ffff:203.0.113.5", undefined, NONE, "203.0.113.5"],
    ["what the trusted proxy says", "10.1.1.1", "203.0.113.5", PROXIES, "203.0.113.5"],
    ["what the last trusted proxy of a chain says", "10.1.1.1", "203.0.113.5, 192.0.2.7", PROXIES, "203.0.113.5"],
    ["not what the client itself claims", "10.1.1.1", "1.2.3.4, 203.0.113.5", PROXIES, "203.0.113.5"],
    ["the proxy's own, when it says nothing", "10.1.1.1", undefined, PROXIES, "10.1.1.1"],
    ["the last one before garbage", "10.1.1.1", "1.2.3.4, <script>, 10.2.2.2", PROXIES, "10.2.2.2"],
    ["IPv6 through an IPv6 proxy", "fd00::1", "2001:db8::7", PROXIES, "2001:db8::7"],
    ["through a proxy on a mapped socket", "::ffff:10.1.1.1", "203.0.113.5", PROXIES, "203.0.113.5"],
    ["the outermost, when all are trusted", "10.1.1.1", "10.9.9.9, 10.2.2.2", PROXIES, "10.9.9.9"],
  ])("is %s", (_, socket, forwardedFor, trusted, expected) => {
    expect(clientIp(socket, forwardedFor, trusted)).toBe(expected);
  });
});
