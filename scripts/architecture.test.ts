import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const [, trace = ""] =
  /\n## One change, from button to row\n([\s\S]*?)\n## /.exec(readFileSync("ARCHITECTURE.md", "utf8")) ?? [];

test("creating a key is read from its button to its row in at most nine files and 600 lines", () => {
  const files = [...trace.matchAll(/^\d+\. `([^`]+)`/gm)].map(([, file = ""]) => file);
  const lines = files.map((file) => readFileSync(file, "utf8").trimEnd().split("\n").length);
  expect(files[0]).toMatch(/dialog\.tsx$/);
  expect(files.length).toBeLessThanOrEqual(9);
  expect(lines.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(600);
});
