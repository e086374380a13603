import { expect, test } from "vitest";
import { Numbered } from "@/lib/verification/numbered";

test("a value has the same number as long as it is there, and is found by it", () => {
  const numbered = new Numbered<string | null>(3);
  expect(["a", null, "a", "b", null].map((value) => numbered.numberOf(value))).toEqual([0, 1, 0, 2, 1]);
  expect([0, 1, 2].map((number) => numbered.at(number))).toEqual(["a", null, "b"]);
  expect([numbered.size, numbered.isFull]).toEqual([3, true]);
});

test("where there is no more room, a further value never has another's number, and those that are there keep theirs", () => {
  const numbered = new Numbered<string>(2);
  expect(["a", "b"].map((value) => numbered.numberOf(value))).toEqual([0, 1]);
  expect(() => numbered.numberOf("c")).toThrow(RangeError);
  expect(["b", "a"].map((value) => numbered.numberOf(value))).toEqual([1, 0]);
  numbered.clear();
  expect(["c", "a"].map((value) => numbered.numberOf(value))).toEqual([0, 1]);
});
