import { execFile, execFileSync } from "node:child_process";
import { dirname } from "node:path";
import { promisify } from "node:util";
import type { SystemUser } from "./system-user.ts";

const run = promisify(execFile);

/**
 * Excludes our environment: PGDATA, PGPORT and similar would redirect the programs, a locale would change their output,
 * and PostgreSQL must not get the console's secrets.
 */
const ENVIRONMENT = { PATH: process.env.PATH, LC_ALL: "C" } as unknown as NodeJS.ProcessEnv;

/** Runs PostgreSQL's programs as the owner of its files. */
export interface Runner {
  run(program: string, args: string[]): Promise<{ stdout: string }>;
}

/** Without a `user`, the programs run as the current user. */
export function createRunner(user: SystemUser | undefined): Runner {
  const prefix = user ? asUser(user) : [];
  return {
    run: (program, args) => {
      const [command = program, ...rest] = [...prefix, program, ...args];
      return run(command, rest, { cwd: "/", env: ENVIRONMENT });
    },
  };
}

/** The first directory on the path to `directory`, inclusive, that `user` can't enter; `undefined` if there is none. */
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
