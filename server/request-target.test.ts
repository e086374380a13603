import { expect, test } from "vitest";
import { readRequestTarget } from "./request-target.ts";

test.each([
  ["/", "/"],
  ["/acme/settings/api-keys?q=a%2Fb//", "/acme/settings/api-keys"],
  ["/_next/static/chunks/%5Bteam%5D.js", "/_next/static/chunks/%5Bteam%5D.js"],
  ["/caf%C3%A9", "/caf%C3%A9"],
  ["/...", "/..."],
])("%s is taken", (url, path) => expect(readRequestTarget(url)).toEqual({ path }));

test.each([
  ["another host's path", "//evil.example"],
  ["a backslash", "/\\evil.example"],
  ["an absolute form", "http://evil.example/"],
  ["an asterisk", "*"],
  ["nothing", ""],
  ["broken encoding", "/%zz"],
  ["encoding that is no UTF-8", "/%ff"],
  ["a dot segment", "/api/v1/../auth/session"],
  ["an encoded dot segment", "/api/v1/%2e%2E/auth/session"],
  ["an encoded slash", "/api/v1/..%2fauth"],
  ["an encoded backslash", "/api/v1/..%5Cauth"],
  ["a NUL", "/acme%00"],
  ["a line break", "/acme%0D%0A"],
  ["a semicolon", "/api/v1/..;/auth/session"],
  ["an encoded semicolon", "/api/v1/..%3B/auth/session"],
  ["a dot segment encoded twice", "/api/v1/%252e%252e/auth/session"],
  ["UTF-8 in an overlong form", "/api/v1/%c0%ae%c0%ae/auth/session"],
])("%s is refused", (_, url) => expect(readRequestTarget(url).refusal).toMatchObject({ status: 400 }));
