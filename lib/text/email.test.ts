import { expect, test } from "vitest";
import { emailSchema } from "@/lib/text/email";

test.each([
  ["ada@example.com", "ada@example.com"],
  ["  Ada@Example.COM ", "ada@example.com"],
  ["ada+latchkey@mail.example.com", "ada+latchkey@mail.example.com"],
  ["o'brien@example.com", "o'brien@example.com"],
])("%j is the account %s", (typed, account) => {
  expect(emailSchema.parse(typed)).toBe(account);
});

test.each([
  "",
  "ada",
  "ada@",
  "@example.com",
  "ada@example",
  "ada@@example.com",
  "a da@example.com",
  "ada@exam ple.com",
  "ada@example.com, eve@example.com",
  "Ada <ada@example.com>",
  "ada\n@example.com",
  "ada\0@example.com",
  "ada\ud800@example.com",
  `${"x".repeat(250)}@example.com`,
  null,
  undefined,
  1,
  ["ada@example.com"],
  { contains: "@" },
])("%j is no address, and the field says so in a sentence", (typed) => {
  const parsed = emailSchema.safeParse(typed);
  expect(parsed.success).toBe(false);
  expect(parsed.error?.issues[0]?.message).toMatch(/^[A-Z].*\.(com\.)?$/);
});
