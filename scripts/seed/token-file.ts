import { closeSync, openSync, writeSync } from "node:fs";
import { StartError } from "../start-error.ts";

export interface TokenFile {
  append(tokens: string[]): void;
  close(): void;
}

/**
 * A new file that only its owner can read, one token per line. Rejects an existing file, which might be readable by
 * others.
 */
export function createTokenFile(path: string): TokenFile {
  try {
    const file = openSync(path, "wx", 0o600);
    return {
      append: (tokens) => void writeSync(file, tokens.map((token) => `${token}\n`).join("")),
      close: () => closeSync(file),
    };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const advice = code === "EEXIST" ? "exists already: remove it, or name another" : `can't be written (${code})`;
    throw new StartError(`The file ${path} for --tokens ${advice}.`);
  }
}
