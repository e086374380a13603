import { expect, test } from "vitest";
import { memoize } from "@/lib/text/memoize";

function counted() {
  const computed: string[] = [];
  const lengthOf = memoize((text) => {
    computed.push(text);
    return text.length;
  });
  return { computed, lengthOf };
}

test("a value is computed once per text", () => {
  const { computed, lengthOf } = counted();
  expect([lengthOf("a"), lengthOf("bb"), lengthOf("a")]).toEqual([1, 2, 1]);
  expect(computed).toEqual(["a", "bb"]);
});

test("the value of a text over 500 characters isn't cached", () => {
  const { computed, lengthOf } = counted();
  const long = "x".repeat(60_000);
  expect([lengthOf(long), lengthOf(long)]).toEqual([60_000, 60_000]);
  expect(computed).toHaveLength(2);
});

test("a full cache is cleared", () => {
  const { computed, lengthOf } = counted();
  lengthOf("first");
  for (let number = 0; number < 10_000; number++) lengthOf(`text ${number}`);
  expect(lengthOf("first")).toBe(5);
  expect(computed.filter((text) => text === "first")).toHaveLength(2);
});
