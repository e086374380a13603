import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Files with a database's tokens, one per line, all of the same length. */
export type TokenFiles = {
  /** All are valid. */
  all: string;
  /** Valid, with the scope to read events. */
  eventsRead: string;
  /** With a wrong checksum. */
  garbage: string;
  /** Valid, but never used as load: the fourth table revokes them. */
  toRevoke: string;
  /** A team key that can verify others. */
  caller: string;
};

export function tokenFiles(directory: string): TokenFiles {
  const file = (name: string) => join(directory, `${name}.txt`);
  return {
    all: file("tokens"),
    eventsRead: file("events-read"),
    garbage: file("garbage"),
    toRevoke: file("to-revoke"),
    caller: file("caller"),
  };
}

export function appendTokens(file: string, tokens: readonly string[]): void {
  appendFileSync(file, tokens.map((token) => `${token}\n`).join(""));
}

export function readTokens(file: string): string[] {
  return readFileSync(file, "utf8").trim().split("\n");
}
