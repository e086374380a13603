import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { knownBrowser, withKnownAccount } from "@/lib/auth/known-browser";

const account = (passwordHash: string | null = "a hash") => ({ id: crypto.randomUUID(), passwordHash });

describe("a browser's cookie", () => {
  test("is known to the account that signed in with it and to no other", () => {
    const ada = account();
    const cookie = withKnownAccount(undefined, ada);
    expect(knownBrowser(cookie, ada)).toMatch(/^[\w-]{22}$/);
    expect(knownBrowser(cookie, account())).toBeNull();
    expect(knownBrowser(cookie, null)).toBeNull();
  });

  test("is unknown once the password was changed", () => {
    const ada = account();
    const cookie = withKnownAccount(undefined, ada);
    expect(knownBrowser(cookie, { ...ada, passwordHash: "another hash" })).toBeNull();
  });

  test("knows the last four people, each by an id that stays", () => {
    const people = Array.from({ length: 5 }, () => account());
    const cookie = people.reduce<string | undefined>((before, each) => withKnownAccount(before, each), undefined);
    expect(people.map((each) => Boolean(knownBrowser(cookie, each)))).toEqual([false, true, true, true, true]);
    const [, second] = people;
    if (!second) return expect.fail();
    const again = withKnownAccount(cookie, second);
    expect(knownBrowser(again, second)).toBe(knownBrowser(cookie, second));
    expect(again).toHaveLength(cookie?.length ?? 0);
  });

  test("names nobody, and another browser's isn't the same", () => {
    const ada = account();
    const [one, two] = [withKnownAccount(undefined, ada), withKnownAccount(undefined, ada)];
    expect(one).not.toContain(ada.id);
    expect(knownBrowser(one, ada)).not.toBe(knownBrowser(two, ada));
  });

  test.each([
    "",
    "garbage",
    "~~~",
    ".",
    "%00",
    "\ud800",
    `${"a".repeat(22)}.${"b".repeat(43)}`,
    `${"a".repeat(22)}.${"b".repeat(42)}é`,
    "~".repeat(10_000),
    randomBytes(4_000).toString("latin1"),
  ])("that we didn't make (%#) is unknown and replaced", (cookie) => {
    const ada = account();
    expect(knownBrowser(cookie, ada)).toBeNull();
    expect(knownBrowser(withKnownAccount(cookie, ada), ada)).not.toBeNull();
    expect(withKnownAccount(cookie, ada)).toMatch(/^[\w.~-]{66,270}$/);
  });

  test("whose signature another secret made is unknown", () => {
    const ada = account();
    const cookie = withKnownAccount(undefined, ada);
    const secret = process.env.AUTH_SECRET;
    process.env.AUTH_SECRET = `${secret}x`;
    expect(knownBrowser(cookie, ada)).toBeNull();
    process.env.AUTH_SECRET = secret;
  });
});
