import { randomBytes } from "node:crypto";
import { chownSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { StartError } from "../start-error.ts";
import type { SystemUser } from "./system-user.ts";

/** The files of a DATA_DIR's embedded PostgreSQL. */
export interface PostgresFiles {
  dataDir: string;
  cluster: string;
  password: string;
  log: string;
}

export function postgresFiles(dataDir: string): PostgresFiles {
  const root = resolve(dataDir);
  return {
    dataDir: root,
    cluster: join(root, "postgres"),
    password: join(root, "postgres-password"),
    log: join(root, "postgres.log"),
  };
}

/** Creates the password and log files that PostgreSQL reads and writes as `user`. */
export function createOwnedFiles(files: PostgresFiles, user: SystemUser | undefined): void {
  if (!existsSync(files.password)) createPassword(files);
  if (!existsSync(files.log)) writeFileSync(files.log, "", { mode: 0o600 });
  if (!user) return;
  chownSync(files.password, user.uid, user.gid);
  chownSync(files.log, user.uid, user.gid);
}

function createPassword(files: PostgresFiles): void {
  if (existsSync(files.cluster)) {
    throw new StartError(
      `${files.password} is missing, and the database in ${files.cluster} can't be opened without it: ` +
        "restore the file from your backup, or move the database away to start with an empty one.",
    );
  }
  writeFileSync(files.password, randomBytes(24).toString("hex"), { mode: 0o600 });
}

export function readPassword(files: PostgresFiles): string {
  return readFileSync(files.password, "utf8").trim();
}

/** The reason that PostgreSQL logged, or the end of its log. */
export function lastComplaint(files: PostgresFiles): string {
  const lines = readFileSync(files.log, "utf8").trim().split("\n");
  return lines.findLast((line) => /FATAL|PANIC/.test(line)) ?? lines.at(-1) ?? "";
}
