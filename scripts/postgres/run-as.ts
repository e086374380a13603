import { execFile, execFileSync } from "node:child_process";
import { dirname } from "node:path";
import { promisify } from "node:util";
import type { SystemUser } from "./system-user.ts";

const run = promisify(execFile);

/**
 * Nothing of ours: PGDATA, PGPORT and their like would redirect the programs, a locale would change
 * what they print, and PostgreSQL has no business with the console's secrets.
 */
const ENVIRONMENT = { PATH: process.env.PATH, LC_ALL: "C" } as unknown as NodeJS.ProcessEnv;

/** Runs programs of PostgreSQL as the user that owns its files. */
export interface Runner {
  run(program: string, args: string[]): Promise<{ stdout: string }>;
}

/** Without a `user` the programs run as ourselves. */
export function createRunner(user: SystemUser | undefined): Runner {
  const prefix = user ? asUser(user) : [];
  return {
    run: (program, args) => {
      const [command = program, ...rest] = [...prefix, program, ...args];
      return run(command, rest, { cwd: "/", env: ENVIRONMENT });
    },
  };
}

/** The directory, of those that lead to `directory` and of itself, that keeps `user` out; `undefined` when none does. */
export function findClosedDirectory(user: SystemUser | undefined, directory: string): string | undefined {
  if (!user) return undefined;
  const [command = "", ...args] = [...asUser(user), "sh", "-c", FIRST_CLOSED, "sh", ...pathTo(directory)];
  return execFileSync(command, args, { cwd: "/", encoding: "utf8" }).trim() || undefined;
}

const FIRST_CLOSED = 'for path; do test -x "$path" || { echo "$path"; exit; }; done';

/** From the root down to the directory. */
function pathTo(directory: string): string[] {
  const parent = dirname(directory);
  return parent === directory ? [directory] : [...pathTo(parent), directory];
}

const asUser = ({ uid, gid }: SystemUser) => ["setpriv", `--reuid=${uid}`, `--regid=${gid}`, "--clear-groups"];
