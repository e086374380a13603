import { expect, test } from "vitest";
import { sameOriginPath } from "@/lib/auth/same-origin-path";
import { appUrl } from "@/lib/env";

const BASE = appUrl();

test.each([
  ["/acme/settings/api-keys", "/acme/settings/api-keys"],
  ["/acme?q=a%20b&status=active", "/acme?q=a%20b&status=active"],
  [`${BASE}/acme`, "/acme"],
  [`${BASE}/acme?x=1#part`, "/acme?x=1"],
  ["acme", "/acme"],
  ["?q=1", "/?q=1"],
  ["/a/../b", "/b"],
  ["/%2F%2Fevil.example", "/%2F%2Fevil.example"],
  ["/acme?next=https://evil.example", "/acme?next=https://evil.example"],
])("%j stays here, as %j", (url, path) => {
  expect(sameOriginPath(url)).toBe(path);
});

test.each([
  "//evil.example",
  "///evil.example",
  "/\\evil.example",
  "\\\\evil.example",
  "/\\/evil.example",
  "https:/\\evil.example",
  "https://evil.example",
  "http://localhost.evil.example",
  `${BASE}.evil.example`,
  `${BASE}@evil.example`,
  "https://localhost",
  "http://localhost:1",
  "javascript:alert(1)",
  "JavaScript:alert(1)",
  "java\nscript:alert(1)",
  " javascript:alert(1)",
  "data:text/html,x",
  "blob:x",
  "file:///etc/passwd",
  "/\t/evil.example",
  "/\n/evil.example",
  "\t//evil.example",
  "/.//evil.example",
  "/a/..//evil.example",
  `${BASE}//evil.example`,
  `${BASE}/\\evil.example`,
  "http:///evil.example",
  "http://[",
  "",
])("%j leads to the start page and not elsewhere", (url) => {
  expect(sameOriginPath(url)).toBe("/");
});

test.each([undefined, null, 1, ["/acme"], ["//evil.example"], { href: "/acme" }, new URL("https://evil.example")])(
  "%j, which is no text, leads to the start page",
  (url) => {
    expect(sameOriginPath(url)).toBe("/");
  },
);

test("whatever comes out stays on this origin when a browser resolves it", () => {
  for (const start of ["/", "\\", "//", "/./", "/../", "/\t", "/%5C", "/%2f", "/;", "/@", "/?", "/#"]) {
    for (const end of ["evil.example", "/evil.example", "\\evil.example", "//evil.example", "@evil.example", ":evil"]) {
      const path = sameOriginPath(start + end);
      expect(new URL(path, BASE).origin, start + end).toBe(BASE);
      expect(path, start + end).toMatch(/^\/(?![/\\])/);
    }
  }
});
