import { afterEach, describe, expect, test } from "vitest";
import { env } from "@/lib/env";
import { bearer, jsonOf, testVerifier } from "../testing/running-verifier.ts";

const TOKEN = "metrics-0123456789abcdef";
const verifier = testVerifier();

/** Read once by the process, so changed in place. */
const settings = env();
const before = { ...settings };
afterEach(() => void Object.assign(settings, { METRICS_TOKEN: undefined }, before));

const scrape = (headers: Record<string, string> = {}, ip?: string) => verifier.call("/api/metrics", { headers, ip });

describe("metrics are readable", () => {
  test.each([
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.1.1",
    "fd00::1",
    "fe80::1",
    "fe80::1%25eth0",
    "::ffff:10.1.2.3",
    "10.1.2.3:4711",
    "[fd00::1]:4711",
  ])("from nearby: %s", async (ip) => {
    const { status, headers, body } = await scrape({}, ip);
    expect([status, headers["content-type"]]).toEqual([200, expect.stringMatching(/^text\/plain; version=/)]);
    expect(body).toContain("# TYPE latchkey_decisions_total counter");
  });

  test.each([
    "203.0.113.7",
    "8.8.8.8",
    "172.32.0.1",
    "100.64.0.1",
    "2001:db8::7",
    "2606:4700::1",
    "::ffff:8.8.8.8",
    "64:ff9b::a01:203",
    "203.0.113.7:4711",
    "unknown",
    "",
    "8.8.8.8, 10.1.2.3",
  ])("from nowhere else: %s", async (ip) => {
    const answer = await scrape({}, ip);
    expect([answer.status, jsonOf(answer).code]).toEqual([403, "forbidden"]);
  });

  test.each(["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via", "X-Forwarded-Host", "X-Forwarded-Proto"])(
    "through no untrusted proxy, however near it is: %s",
    async (name) => {
      settings.TRUSTED_PROXIES = [];
      expect((await scrape()).status).toBe(200);
      expect((await scrape({ [name]: "127.0.0.1" })).status).toBe(403);
    },
  );

  test.each(["X-Real-IP", "Via", "X-Forwarded-Host"])(
    "through no trusted proxy that doesn't say for whom: %s",
    async (name) => {
      expect((await scrape({ [name]: "127.0.0.1" })).status).toBe(403);
      expect((await scrape({ [name]: "127.0.0.1" }, "10.1.2.3")).status).toBe(200);
    },
  );

  test("from METRICS_ALLOW as well", async () => {
    settings.METRICS_ALLOW = ["100.64.0.0/10"];
    for (const ip of ["100.64.0.1", "100.127.255.255:80", "::ffff:100.64.0.1", "10.1.2.3"]) {
      expect((await scrape({}, ip)).status).toBe(200);
    }
    for (const ip of ["100.128.0.1", "203.0.113.7", "203.0.113.7, 100.64.0.1"]) {
      expect((await scrape({}, ip)).status).toBe(403);
    }
  });

  test("with METRICS_TOKEN from anywhere, and without it from METRICS_ALLOW alone", async () => {
    settings.METRICS_TOKEN = TOKEN;
    settings.METRICS_ALLOW = ["100.64.0.0/10"];
    for (const ip of [undefined, "203.0.113.7", "unknown"]) {
      expect((await scrape(bearer(TOKEN), ip)).status).toBe(200);
      for (const headers of [{}, bearer(`${TOKEN}x`), bearer(TOKEN.slice(1)), { authorization: TOKEN }]) {
        const answer = await scrape(headers, ip);
        expect([answer.status, jsonOf(answer).code]).toEqual([401, "unauthenticated"]);
        expect(answer.headers["www-authenticate"]).toBe('Bearer realm="latchkey metrics"');
      }
    }
    expect((await scrape({}, "100.64.0.1")).status).toBe(200);
  });
});
