import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, test } from "vitest";
import { env } from "@/lib/env";
import { jsonOf, testVerifier } from "../testing/running-verifier.ts";

const PATH = "/.well-known/oauth-authorization-server";
const verifier = testVerifier();

/** Read once by the process, so changed in place. */
const settings = env();
const before = { ...settings };
afterEach(() => void Object.assign(settings, { VERIFIER_URL: undefined, APP_URL: undefined }, before));

const issuerAt = async (host: string) => jsonOf(await verifier.call(PATH, { headers: { host } })).issuer;

describe("the metadata of RFC 8414", () => {
  test("name the address that was asked as issuer, and where and how to introspect", async () => {
    const answer = await verifier.call(PATH);
    expect([answer.status, answer.headers["content-type"]]).toEqual([200, "application/json"]);
    expect(jsonOf(answer)).toEqual({
      issuer: verifier.url,
      introspection_endpoint: `${verifier.url}/api/v1/introspect`,
      introspection_endpoint_auth_methods_supported: ["client_secret_basic", "Bearer"],
      scopes_supported: expect.arrayContaining(["events.read", "events.write", "keys.verify"]),
      response_types_supported: [],
      grant_types_supported: [],
    });
  });

  test.each(["localhost:3001", "127.0.0.1", "[::1]:3001"])(
    "name the machine itself as it was asked, while no address is configured: %s",
    async (host) => expect(await issuerAt(host)).toBe(`http://${host}`),
  );

  test.each([
    "evil.example",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "127.0.0.1:80:80",
    "user@localhost",
    "localhost/a",
    "10.0.0.5:3001",
    "a b",
    'a"b',
    "<script>",
  ])("are refused to any other host then: %s", async (host) => {
    const answer = await verifier.call(PATH, { headers: { host, "x-forwarded-host": "localhost" } });
    expect([answer.status, jsonOf(answer).code]).toEqual([400, "unknown_host"]);
  });

  test.each([
    ["https://verifier.example.com", undefined, "evil.example", "https://verifier.example.com"],
    ["https://verifier.example.com", undefined, "localhost:3001", "https://verifier.example.com"],
    ["https://verifier.example.com", "https://keys.example.com", "evil.example", "https://verifier.example.com"],
    ["https://verifier.example.com", "https://keys.example.com", "keys.example.com", "https://keys.example.com"],
    [undefined, "https://keys.example.com:8443", "keys.example.com", "https://keys.example.com:8443"],
    [undefined, "http://keys.example.com", "evil.example", "http://keys.example.com"],
  ])("with VERIFIER_URL %s and APP_URL %s, asked for %s, name %s", async (verifierUrl, appUrl, host, expected) => {
    Object.assign(settings, { VERIFIER_URL: verifierUrl, APP_URL: appUrl });
    for (const protocol of ["https", "http"]) {
      const headers = { host, "x-forwarded-proto": protocol, "x-forwarded-host": "evil.example" };
      const metadata = jsonOf(await verifier.call(PATH, { headers }));
      expect([metadata.issuer, metadata.introspection_endpoint]).toEqual([expected, `${expected}/api/v1/introspect`]);
    }
  });

  test("are refused to a request without a host", async () => {
    const socket = connect(Number(new URL(verifier.url).port), "127.0.0.1");
    socket.end(`GET ${PATH} HTTP/1.0\r\n\r\n`);
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 /);
  });
});
