import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The tokens of a database to measure with, one a line, all of one length. */
export type TokenFiles = {
  /** Every one is good. */
  all: string;
  /** Those that may also read events. */
  eventsRead: string;
  /** Like tokens, with a checksum that is wrong. */
  garbage: string;
  /** Good too, but never sent as load: the fourth table revokes them. */
  toRevoke: string;
  /** One of a team key that may ask about others. */
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
