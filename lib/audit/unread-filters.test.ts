import { expect, test } from "vitest";
import { auditListSchema } from "@/lib/audit/queries";
import { unreadFilters } from "@/lib/audit/unread-filters";

const unread = (query: Record<string, string | string[] | undefined>) =>
  unreadFilters(query, auditListSchema.parse(query));

test("a filter that can't be read is named, with what it said", () => {
  expect(
    unread({ from: "notadate", to: "2026-02-30", action: "api_key.nope", about: "planets", member: "ada" }),
  ).toEqual([
    "“action=api_key.nope” isn't an action of the log and was left out.",
    "“about=planets” isn't what an entry can be about and was left out.",
    "“member=ada” isn't the id of a person and was left out.",
    "“from=notadate” isn't a date and was left out.",
    "“to=2026-02-30” isn't a date and was left out.",
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
    `“key=${"k".repeat(60)}…” isn't the name, prefix or id of a key and was left out.`,
    "“from” was given more than once and was left out.",
    "“to=x\\u202ey\\u000a” isn't a date and was left out.",
  ]);
});
