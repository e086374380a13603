import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { StartError } from "../start-error.ts";
import type { PostgresBinaries } from "./binaries.ts";
import type { PostgresFiles } from "./files.ts";
import { ROLE_NAMES } from "./roles.ts";
import type { Runner } from "./run-as.ts";
import type { SystemUser } from "./system-user.ts";

const UNFINISHED = "postgres.unfinished-";

/** The built-in UTF-8 locale sorts and folds case identically on every machine, whatever its libc. */
const INITDB_OPTIONS = [
  `--username=${ROLE_NAMES.owner}`,
  "--auth=scram-sha-256",
  "--encoding=UTF8",
  "--locale=C",
  "--locale-provider=builtin",
  "--builtin-locale=C.UTF-8",
];

/** Creates the cluster if needed. Built under a temporary name, so that an interrupted attempt isn't used. */
export async function createCluster(
  files: PostgresFiles,
  binaries: PostgresBinaries,
  runner: Runner,
  user: SystemUser | undefined,
): Promise<void> {
  if (existsSync(join(files.cluster, "PG_VERSION"))) return giveTo(user, files.cluster);
  removeUnfinished(files);
  const unfinished = mkdtempSync(join(files.dataDir, UNFINISHED));
  giveTo(user, unfinished);
  try {
    const place = [`--pgdata=${unfinished}`, `--pwfile=${files.password}`];
    await runner.run(binaries.initdb, [...place, ...INITDB_OPTIONS]);
  } catch (error) {
    throw new StartError(`PostgreSQL could not create its database in ${files.cluster}: ${reasonOf(error)}`);
  }
  renameSync(unfinished, files.cluster);
}

/** Each attempt has its own directory: an initdb that outlived this process removes its own when it fails. */
function removeUnfinished({ dataDir }: PostgresFiles): void {
  for (const name of readdirSync(dataDir)) {
    if (name.startsWith(UNFINISHED)) rmSync(join(dataDir, name), { recursive: true, force: true, maxRetries: 5 });
  }
}

function reasonOf(error: unknown): string {
  const { stderr = "", message = "" } = error as { stderr?: string; message?: string };
  return (stderr || message).trim().split("\n")[0] ?? "";
}

/** A cluster restored from a backup by root belongs to root, and PostgreSQL would reject it. */
function giveTo(user: SystemUser | undefined, directory: string): void {
  if (!user || statSync(directory).uid === user.uid) return;
  execFileSync("chown", ["-R", `${user.uid}:${user.gid}`, directory]);
}
