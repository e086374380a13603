import fc from "fast-check";
import { expect, test } from "vitest";
import { isoInstant } from "@/lib/text/iso-instant";

const END_OF_TIME_MS = 8.64e15;

test("an instant is written as a date would write it, from the beginning to the end of time", () => {
  const anyInstant = fc.oneof(
    fc.integer({ min: 0, max: 4_102_444_800_000 }),
    fc.integer({ min: -END_OF_TIME_MS, max: END_OF_TIME_MS }),
    fc.constantFrom(0, -1, 86_399_999, 86_400_000, -END_OF_TIME_MS, END_OF_TIME_MS, 253_402_300_800_000),
  );
  fc.assert(
    fc.property(anyInstant, (ms) => {
      expect(isoInstant(ms)).toBe(new Date(ms).toISOString());
    }),
  );
});

test("what is no instant isn't written", () => {
  for (const ms of [Number.NaN, Number.POSITIVE_INFINITY]) expect(() => isoInstant(ms)).toThrow(RangeError);
});

test("every day of the years that are remembered, and many beyond, is written right", () => {
  for (let day = -1_000; day < 50_000; day++) {
    const ms = day * 86_400_000 + Math.abs(day % 1_000);
    if (isoInstant(ms) !== new Date(ms).toISOString()) expect.fail(String(ms));
  }
});
