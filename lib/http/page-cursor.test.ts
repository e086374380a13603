import { describe, expect, test } from "vitest";
import { pageCursor } from "@/lib/http/page-cursor";

const ID = "01890a5d-ac96-774b-bcce-b302099a8057";
const encode = (text: string) => Buffer.from(text).toString("base64url");

test("a cursor comes back as it was, and needs no escaping in a URL", () => {
  const cursor = { at: new Date("2026-02-28T23:59:59.999Z"), id: ID };
  const text = pageCursor.encode(cursor);
  expect(text).toMatch(/^[\w-]+$/);
  expect(pageCursor.decode(text)).toEqual(cursor);
});

describe("anything else means the first page", () => {
  test.each([
    ["nothing", undefined],
    ["an empty text", ""],
    ["twice in the URL", [encode(`2026-01-01T00:00:00.000Z~${ID}`)]],
    ["an object", { at: "2026-01-01T00:00:00.000Z", id: ID }],
    ["no base64", "%%%"],
    ["only a time", encode("2026-01-01T00:00:00.000Z")],
    ["three parts", encode(`2026-01-01T00:00:00.000Z~${ID}~x`)],
    ["no time", encode(`yesterday~${ID}`)],
    ["a day that doesn't exist", encode(`2026-02-30T00:00:00.000Z~${ID}`)],
    ["a year that PostgreSQL doesn't have", encode(`0000-01-01T00:00:00.000Z~${ID}`)],
    ["no UUID", encode("2026-01-01T00:00:00.000Z~1")],
    ["SQL", encode(`2026-01-01T00:00:00.000Z~${ID}' or 1=1`)],
    ["NUL", encode(`2026-01-01T00:00:00.000Z~${ID}\0`)],
    ["broken UTF-8", Buffer.from([0xff, 0xfe, 0x00]).toString("base64url")],
    ["a megabyte", "A".repeat(1_000_000)],
  ])("%s", (_, text) => {
    expect(pageCursor.decode(text)).toBeNull();
  });
});
