import { expect, test } from "vitest";
import { choicesWithin, isWithin, longestWithin } from "@/lib/api-keys/lifetimes-within";
import { inDays } from "@/lib/testing/fixtures";

const rules = (maxLifetimeDays: number | null, mayNeverExpire = maxLifetimeDays === null) =>
  ({ defaultLifetime: "2w", maxLifetimeDays, mayNeverExpire }) as const;

test.each([
  ["no limit", rules(null), ["2w", "1m", "90d", "3m", "6m", "1y", "never"], "never"],
  ["an end, whenever", rules(null, false), ["2w", "1m", "90d", "3m", "6m", "1y"], "1y"],
  ["30 days, which a month counts as", rules(30), ["2w", "1m"], "1m"],
  ["14 days", rules(14), ["2w"], "2w"],
])("a policy of %s leaves the lifetimes within it, of which the last is the longest", (_, policy, choices, longest) => {
  expect(choicesWithin(policy)).toEqual(choices);
  expect(longestWithin(policy)).toBe(longest);
});

test("a key that lives for ever is within no longest lifetime, whatever else is allowed", () => {
  const now = new Date();
  expect(isWithin(rules(30, true), now, null)).toBe(false);
  expect(isWithin(rules(30), now, inDays(29))).toBe(true);
  expect(isWithin(rules(30), now, inDays(32))).toBe(false);
  expect(isWithin(rules(null), now, null)).toBe(true);
});
