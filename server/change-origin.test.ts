import { describe, expect, test } from "vitest";
import { isOwnChange } from "./change-origin.ts";

const ALLOWED = ["https://keys.example.com"];
const OWN = "https://keys.example.com";

function isOwn(change: { method?: string; path?: string; fetchSite?: string; origin?: string }): boolean {
  return isOwnChange(
    { method: "POST", path: "/acme/settings", fetchSite: undefined, origin: undefined, ...change },
    ALLOWED,
  );
}

describe("a change is let in", () => {
  test.each([
    ["from our own page", { fetchSite: "same-origin", origin: OWN }],
    ["from our own page in a browser without Sec-Fetch-Site", { origin: OWN }],
    ["typed into the address bar", { fetchSite: "none" }],
    ["from a script that signs in", { path: "/api/auth/callback/credentials" }],
    [
      "with a Bearer token, wherever it comes from",
      { path: "/api/v1/verify", fetchSite: "cross-site", origin: "https://x" },
    ],
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
    ["by any method", { method: "DELETE", fetchSite: "cross-site" }],
  ])("%s", (_, change) => expect(isOwn(change)).toBe(false));
});
