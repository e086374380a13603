import { expect, test } from "vitest";
import { pinHost, removeReservedHeaders } from "./request-headers.ts";

test.each([
  "x-latchkey-client-ip",
  "x-latchkey-team",
  "x-middleware-subrequest",
  "x-middleware-rewrite",
  "x-forwarded-host",
  "x-forwarded-proto",
  "x-forwarded-port",
  "x-matched-path",
  "x-now-route-matches",
  "x-invoke-path",
  "x-next-resume-state-length",
  "x-nextjs-data",
  "x-action-forwarded",
  "next-resume",
])("a client can't set %s", (name) => {
  const headers = { [name]: "forged" };
  removeReservedHeaders(headers);
  expect(headers).toEqual({});
});

test("headers of browsers, gateways and Next's own client get through", () => {
  const headers = {
    authorization: "Bearer x",
    cookie: "a=b",
    rsc: "1",
    "next-action": "1",
    "next-router-state-tree": "x",
    "x-forwarded-for": "1.2.3.4",
    "x-forwarded-method": "GET",
    "x-team": "acme",
  };
  const before = { ...headers };
  removeReservedHeaders(headers);
  expect(headers).toEqual(before);
});

test("the host becomes the console's own, whatever the request called it", () => {
  const headers = { host: "evil.example" };
  pinHost(headers, "https://keys.example.com");
  expect(headers).toEqual({
    host: "keys.example.com",
    "x-forwarded-host": "keys.example.com",
    "x-forwarded-proto": "https",
  });
});
