import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { fingerprintOf } from "./fingerprint.mjs";

const directory = mkdtempSync(join(tmpdir(), "latchkey-fingerprint-"));
afterAll(() => rmSync(directory, { recursive: true }));

const write = (name: string, content: string) => writeFileSync(join(directory, name), content);
const fingerprint = () => fingerprintOf([directory, "no-such-file"]);

test("the fingerprint follows what the build reads, and nothing else", () => {
  write("page.tsx", "one");
  const before = fingerprint();
  utimesSync(join(directory, "page.tsx"), 0, 0);
  write("page.test.tsx", "a test");
  expect(fingerprint()).toBe(before);
  write("page.tsx", "two");
  expect(fingerprint()).not.toBe(before);
  write("page.tsx", "one");
  expect(fingerprint()).toBe(before);
  write("other.tsx", "");
  expect(fingerprint()).not.toBe(before);
});
