import { expect, test } from "vitest";
import {
  choicesWithin,
  defaultWithin,
  isWithin,
  latestWithin,
  longestWithin,
} from "@/lib/api-keys/create/lifetimes-within";
import { inDays } from "@/lib/testing/fixtures";

const rules = (maxLifetimeDays: number | null, mayNeverExpire = maxLifetimeDays === null) =>
  ({ defaultLifetime: "2w", maxLifetimeDays, mayNeverExpire }) as const;

test.each([
  ["no limit", rules(null), ["1d", "3d", "7d", "2w", "1m", "90d", "3m", "6m", "1y", "never"], "never"],
  ["an end, whenever", rules(null, false), ["1d", "3d", "7d", "2w", "1m", "90d", "3m", "6m", "1y"], "1y"],
  ["30 days, which a month counts as", rules(30), ["1d", "3d", "7d", "2w", "1m"], "1m"],
  ["14 days", rules(14), ["1d", "3d", "7d", "2w"], "2w"],
  ["13 days", rules(13), ["1d", "3d", "7d"], "7d"],
  ["3 days", rules(3), ["1d", "3d"], "3d"],
  ["2 days", rules(2), ["1d"], "1d"],
  ["1 day", rules(1), ["1d"], "1d"],
])("a policy of %s leaves the lifetimes within it, of which the last is the longest", (_, policy, choices, longest) => {
  expect(choicesWithin(policy)).toEqual(choices);
  expect(longestWithin(policy)).toBe(longest);
});

test("a key without an expiry violates any longest lifetime, whatever else is allowed", () => {
  const now = new Date();
  expect(isWithin(rules(30, true), now, null)).toBe(false);
  expect(isWithin(rules(30), now, inDays(29))).toBe(true);
  expect(isWithin(rules(30), now, inDays(32))).toBe(false);
  expect(isWithin(rules(null), now, null)).toBe(true);
});

test.each([
  [14, "2w"],
  [12, "7d"],
  [1, "1d"],
])("the default follows a policy of %i days to %s", (days, choice) => {
  expect(defaultWithin(rules(days))).toBe(choice);
});

test.each([
  ["2027-02-01", "1m"],
  ["2027-03-01", "2w"],
  ["2027-04-01", "1m"],
])("on %s, a default of a month is %s under a policy of 29 days", (day, choice) => {
  expect(defaultWithin({ ...rules(29), defaultLifetime: "1m" }, new Date(day))).toBe(choice);
});

test("an expiry is moved no further than the policy allows from the key's creation, and always earlier", () => {
  const now = new Date();
  const last = (createdDaysAgo: number, expiresAt: Date | null) =>
    Math.round(
      (latestWithin(rules(30), now, { createdAt: inDays(-createdDaysAgo), expiresAt }).getTime() - now.getTime()) /
        86_400_000,
    );
  expect(last(20, inDays(5))).toBe(11);
  expect(last(90, inDays(300))).toBe(31);
  expect(last(90, inDays(10))).toBe(10);
  expect(last(90, null)).toBe(31);
  expect(choicesWithin(rules(30), { createdAt: inDays(-20), expiresAt: inDays(5) })).toEqual(["1d", "3d", "7d"]);
});
