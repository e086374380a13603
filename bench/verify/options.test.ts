import { expect, it } from "vitest";
import { StartError } from "../../scripts/start-error.ts";
import { readOptions } from "./options.ts";

it("writes the docs after a full run only, or where it is told to", () => {
  expect(readOptions([]).docs).toBe("docs");
  expect(readOptions(["--seconds", "1"]).docs).toBeUndefined();
  expect(readOptions(["--only", "verifier"]).docs).toBeUndefined();
  expect(readOptions(["--seconds=1", "--docs", "/tmp/docs"]).docs).toBe("/tmp/docs");
});

it("makes the tables that are asked for, or all five", () => {
  expect(readOptions([]).tables).toEqual(new Set([1, 2, 3, 4, 5]));
  expect(readOptions(["--tables", "1,4"]).tables).toEqual(new Set([1, 4]));
});

it.each([
  [["--keys", "many"]],
  [["--rounds", "0"]],
  [["--seconds", "0.5"]],
  [["--tables", "1,6"]],
  [["--tables", ""]],
  [["--key", "5"]],
  [["5"]],
])("refuses %j with one sentence", (words) => {
  expect(() => readOptions(words)).toThrow(StartError);
  expect(() => readOptions(words)).toThrow(/^[^\n]+\.$/);
});
