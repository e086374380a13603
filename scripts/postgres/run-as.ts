import { execFile, execFileSync } from "node:child_process";
import { promisify } from "node:util";
import type { SystemUser } from "./system-user.ts";

const run = promisify(execFile);

/**
 * Lets a command through directories that its user may not enter, such as a clone under /root
 * (mode 0700). Only ever given to PostgreSQL, and only when we are root and it can't do without.
 */
const ENTER_ANY_DIRECTORY = [
  "--securebits=+no_setuid_fixup",
  "--inh-caps=+dac_override",
  "--ambient-caps=+dac_override",
];

/**
 * Nothing of ours: PGDATA, PGPORT and their like would redirect the programs, a locale would change
 * what they print, and PostgreSQL has no business with the console's secrets.
 */
const ENVIRONMENT = { PATH: process.env.PATH, LC_ALL: "C" } as unknown as NodeJS.ProcessEnv;

/** Runs programs of PostgreSQL as the user that owns its files. */
export interface Runner {
  run(program: string, args: string[]): Promise<{ stdout: string }>;
}

/** `paths` are what the programs must reach; without a `user` they run as ourselves. */
export function createRunner(user: SystemUser | undefined, paths: string[]): Runner {
  const prefix = user ? commandPrefix(user, paths) : [];
  return {
    run: (program, args) => {
      const [command = program, ...rest] = [...prefix, program, ...args];
      return run(command, rest, { cwd: "/", env: ENVIRONMENT });
    },
  };
}

function commandPrefix(user: SystemUser, paths: string[]): string[] {
  const asUser = ["setpriv", `--reuid=${user.uid}`, `--regid=${user.gid}`, "--clear-groups"];
  return canReach(asUser, paths) ? asUser : [...asUser, ...ENTER_ANY_DIRECTORY];
}

function canReach(asUser: string[], paths: string[]): boolean {
  const [command = "", ...args] = [
    ...asUser,
    "sh",
    "-c",
    'for path; do test -x "$path" || exit 1; done',
    "sh",
    ...paths,
  ];
  try {
    execFileSync(command, args, { cwd: "/", stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
