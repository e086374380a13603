import { expect, test } from "vitest";
import { wasNotRun } from "@/lib/calls/write-rows";

const failure = (code: string | undefined, message = "something failed") => Object.assign(new Error(message), { code });

test.each([
  ["the database says what was wrong with it", failure("42P01")],
  ["it was the loser of a deadlock", failure("40P01")],
  ["nobody listens", failure("ECONNREFUSED")],
  ["there was no connection to be had", failure(undefined, "timeout exceeded when trying to connect")],
])("a statement surely had no effect when %s", (_, error) => {
  expect(wasNotRun(error)).toBe(true);
});

test.each([
  ["the connection broke", failure("ECONNRESET")],
  ["its pipe broke, whose code has five letters too", failure("EPIPE")],
  ["the server went down, perhaps behind it", failure("57P01")],
  ["the pooler lost the server, perhaps behind it", failure("08P01")],
  ["the answer didn't come in time", failure(undefined, "Query read timeout")],
])("a statement may have had its effect when %s", (_, error) => {
  expect(wasNotRun(error)).toBe(false);
});
