import { randomUUID } from "node:crypto";
import { chownSync, mkdirSync, realpathSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { freePort } from "@/scripts/free-port";
import { createRunner } from "@/scripts/postgres/run-as";
import { postgresUser } from "@/scripts/postgres/system-user";
import { findOrInstallProgram } from "@/scripts/test/find-program";

export type DebianPostgres = {
  /** A directory that the server's programs can write to. */
  directory: string;
  urlOf(database: string): string;
  /** Runs one of PostgreSQL's programs, e.g. `pg_dump`, as the server's user. */
  run(program: string, ...args: string[]): Promise<string>;
  remove(): Promise<void>;
};

/**
 * Starts the distribution's PostgreSQL, which is older than the embedded one and includes client programs, with these
 * settings.
 */
export async function startDebianPostgres(...settings: string[]): Promise<DebianPostgres> {
  const programs = dirname(realpathSync(findOrInstallProgram("initdb")));
  const directory = join(tmpdir(), `latchkey-debian-postgres-${randomUUID()}`);
  mkdirSync(directory, { mode: 0o700 });
  const user = postgresUser(directory);
  if (user) chownSync(directory, user.uid, user.gid);
  const runner = createRunner(user);
  const run = async (program: string, ...args: string[]) => (await runner.run(join(programs, program), args)).stdout;
  const cluster = `--pgdata=${join(directory, "cluster")}`;
  const port = await freePort();
  const places = ["listen_addresses=127.0.0.1", `unix_socket_directories=${directory}`];
  const own = [`port=${port}`, ...places, "fsync=off", ...settings];
  await run("initdb", cluster, "--username=latchkey", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync");
  const options = own.map((setting) => `-c ${setting}`).join(" ");
  await run("pg_ctl", "start", "--wait", cluster, `--log=${join(directory, "log")}`, `--options=${options}`);
  return {
    directory,
    urlOf: (database) => `postgresql://latchkey@127.0.0.1:${port}/${database}`,
    run,
    remove: async () => {
      await run("pg_ctl", "stop", "--wait", "--mode=immediate", cluster);
      await rm(directory, { recursive: true, force: true, maxRetries: 20 });
    },
  };
}
