import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { overTcp } from "@/lib/testing/over-tcp";
import { prepareDataDir } from "@/scripts/data-dir";
import { startEmbeddedPostgres } from "@/scripts/embedded-postgres";
import { migrate } from "@/scripts/migrate";
import { findPostgresBinaries } from "@/scripts/postgres/binaries";
import { postgresFiles } from "@/scripts/postgres/files";
import { createRunner } from "@/scripts/postgres/run-as";
import { postgresUser } from "@/scripts/postgres/system-user";

export type StoppablePostgres = { url: string; start(): Promise<void>; stop(): Promise<void>; remove(): Promise<void> };

/**
 * A real, migrated PostgreSQL that the test stops and restarts on the same port. Point DATABASE_URL at it before
 * importing anything from `lib`.
 */
export async function startStoppablePostgres(): Promise<StoppablePostgres> {
  const dataDir = prepareDataDir(join(tmpdir(), `latchkey-stoppable-${randomUUID()}`));
  const prepared = await startEmbeddedPostgres(dataDir, { durable: false });
  await migrate(prepared.urls.owner);
  // It would restart automatically.
  await prepared.stop();

  const { cluster, log } = postgresFiles(dataDir);
  const user = postgresUser(cluster);
  const { pg_ctl: program } = await findPostgresBinaries(dataDir, user);
  const runner = createRunner(user);
  const settings = [
    "listen_addresses=127.0.0.1",
    `port=${new URL(prepared.urls.console).port}`,
    "unix_socket_directories=",
  ];
  const options = settings.map((setting) => `-c ${setting}`).join(" ");
  const control = async (...args: string[]) => {
    await runner.run(program, [...args, "--wait", "--timeout=60", `--pgdata=${cluster}`]);
  };
  let isRunning = false;
  const start = async () => {
    await control("start", `--log=${log}`, `--options=${options}`);
    isRunning = true;
  };
  const stop = async () => {
    await control("stop", "--mode=fast");
    isRunning = false;
  };
  await start();
  return {
    url: overTcp(prepared.urls.console),
    start,
    stop,
    remove: async () => {
      if (isRunning) await stop();
      await rm(dataDir, { recursive: true, force: true, maxRetries: 20 });
    },
  };
}
