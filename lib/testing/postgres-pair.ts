import { join } from "node:path";
import { startDebianPostgres } from "@/lib/testing/debian-postgres";
import { freePort } from "@/scripts/free-port";
import { migrate } from "@/scripts/migrate";

export type PostgresPair = {
  primaryUrl: string;
  standbyUrl: string;
  promote(): Promise<void>;
  remove(): Promise<void>;
};

/** A migrated database, and a standby with streaming replication. */
export async function startPostgresPair(): Promise<PostgresPair> {
  const primary = await startDebianPostgres();
  const { directory, run } = primary;
  const primaryUrl = primary.urlOf("postgres");
  await migrate(primaryUrl);
  const { port: primaryPort, username } = new URL(primaryUrl);
  const data = join(directory, "standby");
  const from = [
    "--host=127.0.0.1",
    `--port=${primaryPort}`,
    `--username=${username}`,
    "--checkpoint=fast",
    "--no-sync",
  ];
  await run("pg_basebackup", ...from, `--pgdata=${data}`, "--write-recovery-conf");
  const port = await freePort();
  const settings = [`port=${port}`, "listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off"];
  const options = settings.map((setting) => `-c ${setting}`).join(" ");
  const control = (command: string, ...args: string[]) => run("pg_ctl", command, "--wait", `--pgdata=${data}`, ...args);
  await control("start", `--log=${data}.log`, `--options=${options}`);
  const standbyUrl = new URL(primaryUrl);
  standbyUrl.port = String(port);
  return {
    primaryUrl,
    standbyUrl: standbyUrl.href,
    promote: async () => void (await control("promote")),
    remove: async () => {
      await control("stop", "--mode=immediate");
      await primary.remove();
    },
  };
}
