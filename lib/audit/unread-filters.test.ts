import { expect, test } from "vitest";
import { auditListSchema } from "@/lib/audit/queries";
import { unreadFilters } from "@/lib/audit/unread-filters";

const unread = (query: Record<string, string | string[] | undefined>) =>
  unreadFilters(query, auditListSchema.parse(query));

test("a filter that can't be read is named, with what it said", () => {
  expect(
    unread({ from: "notadate", to: "2026-02-30", action: "api_key.nope", about: "planets", member: "ada" }),
  ).toEqual([
    "Ignored unknown filter “action=api_key.nope”.",
    "Ignored unknown filter “about=planets”.",
    "Ignored unknown filter “member=ada”.",
    "Ignored invalid date “from=notadate”.",
    "Ignored invalid date “to=2026-02-30”.",
  ]);
});

test("what is read, left empty or no filter at all isn't", () => {
  const id = "018f5b5e-0000-7000-8000-000000000000";
  const query = {
    from: "2026-02-28",
    to: "2026-03-01",
    action: "api_key.narrowed",
    about: "role",
    member: id,
    key: "x",
  };
  expect(unread(query)).toEqual([]);
  expect(
    unread({ from: "", to: undefined, action: "", about: "", member: "", key: " ", after: "x", foo: "1" }),
  ).toEqual([]);
});

test("what is given twice, too long or writes backwards can't distort the sentence", () => {
  expect(unread({ from: ["2026-01-01", "2026-02-01"], key: "k".repeat(200), to: "x\u202ey\n" })).toEqual([
    `Ignored unknown filter “key=${"k".repeat(60)}…”.`,
    "Ignored filter “from”: it was given more than once.",
    "Ignored invalid date “to=x\\u202ey\\u000a”.",
  ]);
});
