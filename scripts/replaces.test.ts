import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const rows = readFileSync("docs/replaces.md", "utf8")
  .split("\n")
  .flatMap((line) => [...line.matchAll(/\| `([^`]+\.(?:spec|test)\.ts)`(?:: ([^|]+?))? \|$/g)])
  .map(([, file = "", title]) => ({ file, title }));

test("docs/replaces.md names a test for every row", () => {
  const tableRows = readFileSync("docs/replaces.md", "utf8").match(/^\| (?!feature|---)/gm) ?? [];
  expect(rows.length).toBe(tableRows.length);
  expect(rows.length).toBeGreaterThan(30);
});

test.each(rows)("$file has the test that the table names", ({ file, title }) => {
  expect(existsSync(file)).toBe(true);
  if (title) expect(readFileSync(file, "utf8")).toContain(title);
});
