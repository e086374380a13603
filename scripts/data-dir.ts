import { accessSync, constants, mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { StartError } from "./start-error.ts";

/**
 * Creates DATA_DIR if needed and checks that it is writable. Everyone may enter it, because PostgreSQL may run as
 * another user; each file in it has its own permissions.
 */
export function prepareDataDir(dataDir: string): string {
  const path = resolve(dataDir);
  try {
    mkdirSync(path, { recursive: true, mode: 0o711 });
    accessSync(path, constants.W_OK | constants.X_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new StartError(
      `DATA_DIR (${path}) isn't writable (${code}): set it to a directory that this user can write to.`,
    );
  }
  return path;
}
