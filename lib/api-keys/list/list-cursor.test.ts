import { describe, expect, test } from "vitest";
import { type ListCursor, listCursor } from "@/lib/api-keys/list/list-cursor";

const ID = "01890a5d-ac96-774b-bcce-b302099a8057";
const AT = "2026-02-28T23:59:59.999Z";
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

test.each<ListCursor>([
  { column: "created", id: ID, value: AT, createdAt: null, isIncluded: false, rank: 0 },
  { column: "name", id: ID, value: 'Žluť "quoted" ~ name', createdAt: null, isIncluded: true, rank: 0 },
  { column: "name", id: ID, value: null, createdAt: null, isIncluded: false, rank: 0 },
  { column: "expires", id: ID, value: null, createdAt: null, isIncluded: false, rank: 0 },
  { column: "used", id: ID, value: AT, createdAt: null, isIncluded: false, rank: 0 },
  { column: "used", id: ID, value: null, createdAt: AT, isIncluded: false, rank: 100_000 },
])("a cursor comes back as it was, and needs no escaping in a URL: %j", (cursor) => {
  const text = listCursor.encode(cursor);
  expect(text).toMatch(/^[\w-]+$/);
  expect(listCursor.decode(text)).toEqual(cursor);
});

describe("anything else means the first page", () => {
  test.each([
    ["nothing", undefined],
    ["an empty text", ""],
    ["twice in the URL", [encode(["created", ID, AT, null, false, 0])]],
    ["no base64", "%%%"],
    ["no JSON", Buffer.from("created").toString("base64url")],
    ["an unknown column", encode(["token_hash", ID, AT, null, false, 0])],
    ["no UUID", encode(["created", "1", AT, null, false, 0])],
    ["SQL", encode(["created", `${ID}' or 1=1`, AT, null, false, 0])],
    ["no time", encode(["created", ID, "yesterday", null, false, 0])],
    ["a day that doesn't exist", encode(["created", ID, "2026-02-30T00:00:00.000Z", null, false, 0])],
    ["a year that PostgreSQL doesn't have", encode(["created", ID, "0000-01-01T00:00:00.000Z", null, false, 0])],
    ["a creation that is missing", encode(["created", ID, null, null, false, 0])],
    ["a key never used, made at no time", encode(["used", ID, null, null, false, 0])],
    ["NUL in a name", encode(["name", ID, "a\0", null, false, 0])],
    ["half a character", encode(["name", ID, "a\ud800", null, false, 0])],
    ["an object for a name", encode(["name", ID, { contains: "a" }, null, false, 0])],
    ["a rank below zero", encode(["name", ID, "a", null, false, -1])],
    ["half a rank", encode(["name", ID, "a", null, false, 0.5])],
    ["seven parts", encode(["name", ID, "a", null, false, 1, 1])],
    ["a megabyte", "A".repeat(1_000_000)],
  ])("%s", (_, text) => {
    expect(listCursor.decode(text)).toBeNull();
  });
});
