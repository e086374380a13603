import { expect, test } from "vitest";
import { remembering } from "@/lib/text/remembering";

function counted() {
  const computed: string[] = [];
  const lengthOf = remembering((text) => {
    computed.push(text);
    return text.length;
  });
  return { computed, lengthOf };
}

test("an answer is computed once for a text", () => {
  const { computed, lengthOf } = counted();
  expect([lengthOf("a"), lengthOf("bb"), lengthOf("a")]).toEqual([1, 2, 1]);
  expect(computed).toEqual(["a", "bb"]);
});

test("a text that is longer than anything worth remembering is answered and not kept", () => {
  const { computed, lengthOf } = counted();
  const long = "x".repeat(60_000);
  expect([lengthOf(long), lengthOf(long)]).toEqual([60_000, 60_000]);
  expect(computed).toHaveLength(2);
});

test("with ever new texts it starts anew, and goes on answering right", () => {
  const { computed, lengthOf } = counted();
  lengthOf("first");
  for (let number = 0; number < 10_000; number++) lengthOf(`text ${number}`);
  expect(lengthOf("first")).toBe(5);
  expect(computed.filter((text) => text === "first")).toHaveLength(2);
});
