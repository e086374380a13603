import { describe, expect, test } from "vitest";
import {
  closestChoice,
  EXPIRY_CHOICE_NAMES,
  type ExpiryChoice,
  expiryAfter,
  expiryProblem,
} from "@/lib/api-keys/expiry";

const endOf = (choice: ExpiryChoice, from: string) => expiryAfter(choice, new Date(from))?.toISOString() ?? null;

describe("a chosen lifetime", () => {
  const table: Record<ExpiryChoice, string | null> = {
    "1d": "2026-03-16T09:30:00.123Z",
    "3d": "2026-03-18T09:30:00.123Z",
    "7d": "2026-03-22T09:30:00.123Z",
    "2w": "2026-03-29T09:30:00.123Z",
    "1m": "2026-04-15T09:30:00.123Z",
    "90d": "2026-06-13T09:30:00.123Z",
    "3m": "2026-06-15T09:30:00.123Z",
    "6m": "2026-09-15T09:30:00.123Z",
    "1y": "2027-03-15T09:30:00.123Z",
    never: null,
  };

  test("has no choice that this table leaves out", () => {
    expect(Object.keys(table).sort()).toEqual([...EXPIRY_CHOICE_NAMES].sort());
  });

  test.each(Object.entries(table))("of %s ends at %s, to the millisecond", (choice, expected) => {
    expect(endOf(choice as ExpiryChoice, "2026-03-15T09:30:00.123Z")).toBe(expected);
  });

  test.each([
    ["1m", "2027-01-31T12:00:00Z", "2027-02-28T12:00:00.000Z"],
    ["1m", "2028-01-31T12:00:00Z", "2028-02-29T12:00:00.000Z"],
    ["1m", "2026-03-31T12:00:00Z", "2026-04-30T12:00:00.000Z"],
    ["3m", "2026-11-30T12:00:00Z", "2027-02-28T12:00:00.000Z"],
    ["6m", "2026-08-31T23:59:59Z", "2027-02-28T23:59:59.000Z"],
    ["1y", "2028-02-29T12:00:00Z", "2029-02-28T12:00:00.000Z"],
    ["1y", "2027-02-28T12:00:00Z", "2028-02-28T12:00:00.000Z"],
    ["1m", "2026-12-31T00:00:00Z", "2027-01-31T00:00:00.000Z"],
    ["90d", "2027-12-01T00:00:00Z", "2028-02-29T00:00:00.000Z"],
  ] as const)("of %s from %s ends in the right month: %s", (choice, from, expected) => {
    expect(endOf(choice, from)).toBe(expected);
  });

  test("doesn't modify the instant it counts from", () => {
    const from = new Date("2026-01-31T00:00:00Z");
    expiryAfter("1m", from);
    expect(from.toISOString()).toBe("2026-01-31T00:00:00.000Z");
  });
});

test.each([
  [6, null],
  [24, "1d"],
  [48, null],
  [72, "3d"],
  [80, null],
  [14 * 24 + 20, "2w"],
  [30 * 24, "1m"],
])("a lifetime of %i hours comes closest to %s", (hours, choice) => {
  const createdAt = new Date("2026-03-15T09:30:00.123Z");
  expect(closestChoice(createdAt, new Date(createdAt.getTime() + hours * 3_600_000))).toBe(choice);
});

describe("an exact date", () => {
  const now = new Date("2026-06-15T12:00:00.000Z");

  test.each([
    ["a millisecond ahead", "2026-06-15T12:00:00.001Z"],
    ["ten years ahead to the millisecond", "2036-06-15T12:00:00.000Z"],
  ])("%s can be an expiry", (_, date) => {
    expect(expiryProblem(new Date(date), now)).toBeNull();
  });

  test.each([
    ["exactly now", "2026-06-15T12:00:00.000Z", /in the future/],
    ["a millisecond ago", "2026-06-15T11:59:59.999Z", /in the future/],
    ["in 1970", "1970-01-01T00:00:00Z", /in the future/],
    ["a millisecond beyond ten years", "2036-06-15T12:00:00.001Z", /within 10 years/],
    ["in the year 9999", "9999-12-31T23:59:59.999Z", /within 10 years/],
  ])("%s can't", (_, date, reason) => {
    expect(expiryProblem(new Date(date), now)).toMatch(reason);
  });
});
