import { expect, test } from "vitest";
import { relativeTime } from "@/lib/text/relative-time";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const at = (seconds: number) => {
  const now = new Date("2026-06-15T12:00:00.000Z");
  return relativeTime(new Date(now.getTime() + seconds * 1_000), now);
};

test.each([
  [0, "just now"],
  [-29, "just now"],
  [-31, "1 minute ago"],
  [-MINUTE, "1 minute ago"],
  [-59 * MINUTE, "59 minutes ago"],
  [-HOUR, "1 hour ago"],
  [-23 * HOUR, "23 hours ago"],
  [-DAY, "1 day ago"],
  [-3 * DAY, "3 days ago"],
  [-119 * DAY, "119 days ago"],
  [-183 * DAY, "6 months ago"],
  [-366 * DAY, "12 months ago"],
  [-731 * DAY, "2 years ago"],
  [10, "in less than a minute"],
  [MINUTE, "in 1 minute"],
  [14 * DAY, "in 14 days"],
  [90 * DAY, "in 90 days"],
  [90 * DAY - 20, "in 90 days"],
  [365 * DAY, "in 12 months"],
  [3_653 * DAY, "in 10 years"],
])("%i seconds from now is “%s”", (seconds, text) => {
  expect(at(seconds)).toBe(text);
});

test("no distance is ever “0” of a unit", () => {
  const distances = Array.from({ length: 4 * HOUR }, (_, index) => index - 2 * HOUR);
  expect(distances.filter((seconds) => /\b0\b/.test(at(seconds)))).toEqual([]);
});
