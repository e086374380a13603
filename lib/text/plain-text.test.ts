import { describe, expect, test } from "vitest";
import { generateToken } from "@/lib/api-keys/token";
import { contextOf, shortUserAgent } from "@/lib/http/request-context";
import { emailSchema } from "@/lib/text/email";
import { plainText, searchText } from "@/lib/text/plain-text";
import { visibleText } from "@/lib/text/visible-text";

const schema = plainText(10);

describe("one line of text", () => {
  test.each([
    ["  Zapier  ", "Zapier"],
    ["Cafe\u0301", "Caf\u00e9"],
    ["", ""],
    ["0123456789", "0123456789"],
    ["👩‍💻", "👩‍💻"],
    ["<b>&'\"", "<b>&'\""],
  ])("%j is taken as %j", (text, taken) => {
    expect(schema.parse(text)).toBe(taken);
  });

  test.each([
    ["too long", "01234567890"],
    ["a megabyte of spaces", " ".repeat(1_000_000)],
    ["NUL", "a\0"],
    ["a line feed", "a\nb"],
    ["a carriage return", "a\rb"],
    ["a tab", "a\tb"],
    ["an escape", "\u001b[31m"],
    ["DEL", "a\u007f"],
    ["a C1 control", "a\u009bb"],
    ["a line break at its end, which trimming would hide", "a\n"],
    ["the first half of a surrogate pair", "a\ud83d"],
    ["the second half", "\udc69a"],
    ["a number", 1],
    ["null", null],
    ["an array", ["a"]],
    ["an object with toString", { toString: () => "a" }],
  ])("%s is refused with a sentence", (_, text) => {
    const parsed = schema.safeParse(text);
    expect(parsed.success).toBe(false);
    expect(parsed.error?.issues[0]?.message).toMatch(/^[A-Z].*\.$/);
  });
});

describe("a token typed into the wrong field", () => {
  const { token, tokenStart } = generateToken("personal");

  test("is refused as a name and as an address, also between other words", () => {
    for (const text of [token, `Zapier ${token}`, token.toUpperCase(), token.slice(0, 40)]) {
      expect(plainText(200).safeParse(text).error?.issues[0]?.message).toMatch(/^This is a token/);
    }
    expect(emailSchema.safeParse(`${token}@example.com`).success).toBe(false);
  });

  test("finds its key by its start", () => {
    expect(searchText(100).parse(token)).toBe(tokenStart);
  });

  test("in a user agent is cut to its start", () => {
    expect(contextOf(new Headers({ "user-agent": `curl/8 ${token}` })).userAgent).toBe(`curl/8 ${tokenStart}`);
  });

  test("in a user agent is cut before the user agent is, so that no part of it is left at the end", () => {
    const before = "x".repeat(256 - tokenStart.length - 12);
    const { userAgent } = contextOf(new Headers({ "user-agent": `${before} ${token}` }));
    expect(userAgent).toBe(`${before} ${tokenStart}`);
    expect(shortUserAgent(`${before} ${token}`)).toBe(`${before} ${tokenStart}`);
    expect(shortUserAgent(`${before} ${token} ${"x".repeat(9_000)}`)).toHaveLength(256);
  });
});

describe("direction overrides", () => {
  const overrides = [
    "\u061c",
    "\u200e",
    "\u200f",
    "\u202a",
    "\u202b",
    "\u202c",
    "\u202d",
    "\u202e",
    "\u2066",
    "\u2067",
    "\u2068",
    "\u2069",
  ];

  test.each(overrides.map((character) => [character.charCodeAt(0).toString(16).padStart(4, "0"), character]))(
    "U+%s is shown and doesn't act",
    (code, character) => {
      expect(visibleText(`a${character}b${character}`)).toBe(`a\\u${code}b\\u${code}`);
    },
  );

  test("are every character that Unicode calls a control of direction", () => {
    const all = Array.from({ length: 0xffff }, (_, code) => String.fromCharCode(code));
    expect(all.filter((character) => /\p{Bidi_Control}/u.test(character))).toEqual(overrides);
  });

  test("are shown like what ends a line or steers a terminal", () => {
    expect(visibleText("a\u0085b\u009bc\u007fd\u2028e\u2029")).toBe("a\\u0085b\\u009bc\\u007fd\\u2028e\\u2029");
  });

  test("are all that is changed", () => {
    for (const text of ["Zapier", "שלום", "👩‍💻", "\\u202e", ""]) expect(visibleText(text)).toBe(text);
  });
});
