import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { jsonOf, testVerifier } from "../testing/running-verifier.ts";

const PATH = "/.well-known/oauth-authorization-server";
const verifier = testVerifier();

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

  test.each([
    ["keys.example.com", undefined, "http://keys.example.com"],
    ["keys.example.com:8443", "https", "https://keys.example.com:8443"],
    ["[::1]:3001", undefined, "http://[::1]:3001"],
    ["keys.example.com", "javascript", "http://keys.example.com"],
  ])("for the host %s over %s have the issuer %s", async (host, protocol, issuer) => {
    const forwarded = protocol === undefined ? {} : { "x-forwarded-proto": protocol };
    const metadata = jsonOf(await verifier.call(PATH, { headers: { host, ...forwarded } }));
    expect([metadata.issuer, metadata.introspection_endpoint]).toEqual([issuer, `${issuer}/api/v1/introspect`]);
  });

  test.each(["a/b", "user@keys.example.com", "a b", "keys.example.com?x", 'a"b', "a:b:c", "<script>"])(
    "are refused to a host that is none: %s",
    async (host) => {
      const answer = await verifier.call(PATH, { headers: { host } });
      expect([answer.status, jsonOf(answer).code]).toEqual([400, "malformed_request"]);
    },
  );

  test("are refused to a request without a host", async () => {
    const socket = connect(Number(new URL(verifier.url).port), "127.0.0.1");
    socket.end(`GET ${PATH} HTTP/1.0\r\n\r\n`);
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 /);
  });

  test("name another host only in the answer to who asked for it", async () => {
    await verifier.call(PATH, { headers: { host: "evil.example" } });
    expect(jsonOf(await verifier.call(PATH)).issuer).toBe(verifier.url);
  });
});
