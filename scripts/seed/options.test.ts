import { expect, it } from "vitest";
import { StartError } from "../start-error.ts";
import { readSeedOptions } from "./options.ts";

it("takes the numbers, a team and a file, in either spelling", () => {
  expect(readSeedOptions(["--members", "3", "--keys=1000000", "--team", "acme", "--tokens", "t.txt"])).toEqual({
    members: 3,
    keys: 1_000_000,
    team: "acme",
    password: undefined,
    tokensFile: "t.txt",
  });
});

it.each([
  [["--keys", "many"]],
  [["--keys", "1.5"]],
  [["--keys", ""]],
  [["--members=-1"]],
  [["--keys", "100000000"]],
  [["--members"]],
  [["--member", "5"]],
  [["50"]],
])("refuses %j with one sentence", (words) => {
  expect(() => readSeedOptions(words)).toThrow(StartError);
  expect(() => readSeedOptions(words)).toThrow(/^[^\n]+\.$/);
});
