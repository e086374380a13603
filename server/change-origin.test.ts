import { describe, expect, test } from "vitest";
import { type ChangeRequest, isOwnChange } from "./change-origin.ts";

const ALLOWED = ["https://keys.example.com"];
const OWN = "https://keys.example.com";

const PAGE_CHANGE: ChangeRequest = {
  method: "POST",
  path: "/acme/settings",
  fetchSite: undefined,
  origin: undefined,
  showsCredential: false,
  hasCookie: true,
};

const isOwn = (change: Partial<ChangeRequest>) => isOwnChange({ ...PAGE_CHANGE, ...change }, ALLOWED);
const KEYS = "/api/v1/api-keys";

describe("a change is let in", () => {
  test.each([
    ["from our own page", { fetchSite: "same-origin", origin: OWN }],
    ["from our own page in a browser without Sec-Fetch-Site", { origin: OWN }],
    ["typed into the address bar", { fetchSite: "none" }],
    ["from a script that signs in", { path: "/api/auth/callback/credentials" }],
    [
      "with a Bearer token, wherever it comes from",
      { path: KEYS, showsCredential: true, fetchSite: "cross-site", origin: "https://x" },
    ],
    ["with a Bearer token from a program", { path: KEYS, showsCredential: true }],
    ["by a program that shows nothing at all", { path: KEYS, hasCookie: false }],
    ["by our own page with its cookie", { path: KEYS, fetchSite: "same-origin", origin: OWN }],
    ["with a cookie and our origin", { path: KEYS, origin: OWN }],
    ["when it is none", { method: "GET", fetchSite: "cross-site", origin: "https://evil.example" }],
  ])("%s", (_, change) => expect(isOwn(change)).toBe(true));
});

describe("a change is refused", () => {
  test.each([
    ["from another site", { fetchSite: "cross-site", origin: "https://evil.example" }],
    ["from another site that has no origin", { fetchSite: "cross-site" }],
    ["from a sibling domain", { fetchSite: "same-site", origin: "https://blog.example.com" }],
    ["from another origin that calls itself the same", { fetchSite: "same-origin", origin: "https://evil.example" }],
    ["from a sandboxed frame", { origin: "null" }],
    ["from our host over plain HTTP", { origin: "http://keys.example.com" }],
    ["with an origin that only begins like ours", { origin: "https://keys.example.com.evil.example" }],
    ["with two origins", { origin: `${OWN}, https://evil.example` }],
    ["with an empty origin", { origin: "" }],
    ["that doesn't say where it comes from", {}],
    ["from another site to sign-in", { path: "/api/auth/callback/credentials", origin: "https://evil.example" }],
    [
      "by a cookie that another site makes the browser send",
      { path: KEYS, fetchSite: "cross-site", origin: "https://x" },
    ],
    ["by a cookie from a sibling domain", { path: KEYS, fetchSite: "same-site", origin: "https://blog.example.com" }],
    ["by a cookie that comes from a foreign origin", { path: KEYS, origin: "https://evil.example" }],
    ["by a cookie that doesn't say where it comes from", { path: KEYS }],
    ["by a cookie to end a key", { path: `${KEYS}/1`, method: "DELETE", fetchSite: "cross-site" }],
    ["by a Bearer token on a page", { showsCredential: true }],
    ["without a cookie on a page", { hasCookie: false }],
    ["by any method", { method: "DELETE", fetchSite: "cross-site" }],
  ])("%s", (_, change) => expect(isOwn(change)).toBe(false));
});
