import { totalmem } from "node:os";
import pg from "pg";
import { freePort } from "./free-port.ts";
import { findPostgresBinaries, type PostgresBinaries } from "./postgres/binaries.ts";
import { createCluster } from "./postgres/create-cluster.ts";
import { createOwnedFiles, lastComplaint, type PostgresFiles, postgresFiles } from "./postgres/files.ts";
import { keepAlive } from "./postgres/keep-alive.ts";
import { ensureRunningRoles } from "./postgres/roles.ts";
import { createRunner, findClosedDirectory, type Runner } from "./postgres/run-as.ts";
import { databaseUrl, findRunningServer, isServerAlive } from "./postgres/running-server.ts";
import { postgresUser, type SystemUser } from "./postgres/system-user.ts";
import { StartError } from "./start-error.ts";

const DATABASE = "latchkey";

/** The URLs of one database by user: the owner to migrate, the console and the verifier to serve. */
export interface DatabaseUrls {
  owner: string;
  console: string;
  verifier: string;
}

export interface EmbeddedPostgres {
  urls: DatabaseUrls;
  /** True if the server was already running, e.g. because its process was killed. */
  adopted: boolean;
  stop(): Promise<void>;
}

/** `terse` omits failing rows from the log, which contain hashes of passwords and tokens. */
const SETTINGS = [
  "listen_addresses=127.0.0.1",
  // The cluster's directory, which only its user can enter.
  `unix_socket_directories=${process.platform === "win32" ? "" : "."}`,
  "log_checkpoints=off",
  "log_error_verbosity=terse",
];

const MB = 1_048_576;

/** PostgreSQL's default of 128 MB is too little for a million keys. Unused memory isn't allocated. */
const sharedBuffers = () => `shared_buffers=${Math.max(128, Math.min(512, Math.floor(totalmem() / MB / 8)))}MB`;

const NOT_DURABLE = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"];

interface Options {
  /** False trades durability on power loss for speed, for temporary databases. */
  durable?: boolean;
}

/**
 * Starts the PostgreSQL with its data in `dataDir`, creating it the first time, or adopts a running one.
 *
 * Uses `pg_ctl` to run it as a daemon: a Ctrl-C in our terminal must not reach it before requests in flight are
 * finished.
 */
export async function startEmbeddedPostgres(dataDir: string, options: Options = {}): Promise<EmbeddedPostgres> {
  const files = postgresFiles(dataDir);
  const user = postgresUser(files.cluster);
  assertOpenTo(user, files.dataDir);
  const binaries = await findPostgresBinaries(files.dataDir, user);
  createOwnedFiles(files, user);
  const runner = createRunner(user);

  const runningPort = await findRunningServer(files);
  if (!runningPort) await createCluster(files, binaries, runner, user);
  const port = runningPort ?? (await freePort());
  const start = () => startServer(files, binaries, runner, port, options);
  if (!runningPort) await start();
  await prepareDatabase(databaseUrl(files, port, "postgres"), files);
  // On the same port, which all connection pools have in their URL.
  const leaveDead = keepAlive(() => isServerAlive(files), start);
  return {
    urls: databaseUrls(files, port),
    adopted: runningPort !== undefined,
    stop: async () => {
      await leaveDead();
      await stopServer(files, binaries, runner);
    },
  };
}

/** As root we could give PostgreSQL access everywhere, but then it could also read every file of the machine. */
function assertOpenTo(user: SystemUser | undefined, dataDir: string): void {
  const closed = findClosedDirectory(user, dataDir);
  if (!closed) return;
  throw new StartError(
    `PostgreSQL doesn't run as root, and its user can't access ${closed}: set DATA_DIR to a directory that every user ` +
      `can reach, e.g. DATA_DIR=/var/lib/latchkey (if ${dataDir} holds a database, move it there), or start as an ` +
      "ordinary user.",
  );
}

/** The database of a server that another process runs on `dataDir`, or `undefined`. */
export async function findEmbeddedPostgres(dataDir: string): Promise<DatabaseUrls | undefined> {
  const files = postgresFiles(dataDir);
  const port = await findRunningServer(files);
  return port === undefined ? undefined : databaseUrls(files, port);
}

const databaseUrls = (files: PostgresFiles, port: number): DatabaseUrls => ({
  owner: databaseUrl(files, port, DATABASE, "owner"),
  console: databaseUrl(files, port, DATABASE, "console"),
  verifier: databaseUrl(files, port, DATABASE, "verifier"),
});

async function startServer(
  files: PostgresFiles,
  binaries: PostgresBinaries,
  runner: Runner,
  port: number,
  { durable = true }: Options,
): Promise<void> {
  const settings = [`port=${port}`, sharedBuffers(), ...SETTINGS, ...(durable ? [] : NOT_DURABLE)];
  const options = settings.map((setting) => `-c ${setting}`).join(" ");
  const place = [`--pgdata=${files.cluster}`, `--log=${files.log}`];
  try {
    await runner.run(binaries.pg_ctl, ["start", "--wait", "--timeout=60", ...place, `--options=${options}`]);
  } catch {
    throw new StartError(`The embedded PostgreSQL didn't start; ${files.log} says: ${lastComplaint(files)}`);
  }
}

/** `fast` closes connections after rolling back uncommitted changes. */
async function stopServer(files: PostgresFiles, binaries: PostgresBinaries, runner: Runner): Promise<void> {
  try {
    await runner.run(binaries.pg_ctl, ["stop", "--wait", "--timeout=60", "--mode=fast", `--pgdata=${files.cluster}`]);
  } catch (error) {
    if (isServerAlive(files)) throw error;
  }
}

/** Also creates the running roles in a cluster from an earlier version. */
async function prepareDatabase(adminUrl: string, files: PostgresFiles): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const { rowCount } = await client.query("select from pg_database where datname = $1", [DATABASE]);
    if (rowCount === 0) await client.query(`create database ${DATABASE}`);
    await ensureRunningRoles(client, files, DATABASE);
  } finally {
    await client.end();
  }
}
