import { accessSync, constants, mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { StartError } from "./start-error.ts";

/**
 * Makes DATA_DIR unless it exists, and makes sure that we may write there. Every file in it guards
 * itself; entering is open to all because PostgreSQL may have to run as another user than we do.
 */
export function prepareDataDir(dataDir: string): string {
  const path = resolve(dataDir);
  try {
    mkdirSync(path, { recursive: true, mode: 0o711 });
    accessSync(path, constants.W_OK | constants.X_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new StartError(
      `DATA_DIR (${path}) can't be written (${code}): set it to a directory that this user may write.`,
    );
  }
  return path;
}
