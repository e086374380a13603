import { closeSync, openSync, writeSync } from "node:fs";
import { StartError } from "../start-error.ts";

export interface TokenFile {
  append(tokens: string[]): void;
  close(): void;
}

/**
 * A new file that only its owner may read, one token a line. An existing one is refused: it might
 * be open to others.
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
