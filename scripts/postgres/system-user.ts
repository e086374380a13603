import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";
import { StartError } from "../start-error.ts";

export interface SystemUser {
  uid: number;
  gid: number;
}

const SYSTEM_USER = "postgres";

/**
 * The user for PostgreSQL, which refuses to run as root: the owner of an existing `clusterDir`, otherwise the system's
 * `postgres` user. `undefined`: the current user.
 */
export function postgresUser(clusterDir: string): SystemUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const owner = statSync(clusterDir, { throwIfNoEntry: false });
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  return lookUp() ?? create();
}

function lookUp(): SystemUser | undefined {
  try {
    return { uid: idOf("-u"), gid: idOf("-g") };
  } catch {
    return undefined;
  }
}

function idOf(flag: "-u" | "-g"): number {
  return Number(execFileSync("id", [flag, SYSTEM_USER], { encoding: "utf8", stdio: "pipe" }));
}

function create(): SystemUser {
  try {
    const options = ["--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin"];
    execFileSync("useradd", [...options, SYSTEM_USER], { stdio: "pipe" });
  } catch {
    // Another start may have created it; without useradd, the lookup decides.
  }
  const user = lookUp();
  if (user) return user;
  throw new StartError(
    "PostgreSQL does not run as root, and the system user `postgres` could not be created: " +
      "start as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own.",
  );
}
