import { join, resolve } from "node:path";
import { freePort } from "../../../scripts/free-port.ts";
import { StartError } from "../../../scripts/start-error.ts";
import { runToEnd } from "../processes/run-to-end.ts";
import { startProcess } from "../processes/start-process.ts";
import { createDatabase, settle } from "../seed/seeded-database.ts";
import { once, type Site } from "../site.ts";

const INSTALL = ["install", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts"];

/** Temporary, like its database. */
const SECRET = "0123456789abcdef0123456789abcdef";

const SERVER_DIRECTORY = join("bench", "verify", "better-auth");

/** Keys created by better-auth, one per line. */
export const betterAuthKeys = ({ workplace }: Site) => resolve(workplace.place, "better-auth-keys.txt");

/** better-auth, which isn't a dependency of the console, on its own database with the same number of keys. */
export const startBetterAuth = once(async (site: Site) => {
  const { workplace, database, stop, cleanUp } = site;
  await install(stop);
  const url = await createDatabase(workplace.database.urls.owner, "better_auth");
  const env = { DATABASE_URL: url, BETTER_AUTH_SECRET: SECRET };
  await runToEnd({
    args: ["fill-database.mjs", String(database.keys), betterAuthKeys(site)],
    cwd: SERVER_DIRECTORY,
    env,
    stop,
  });
  await settle(url);

  const port = await freePort();
  const wanted = {
    name: "better-auth",
    args: ["server.mjs"],
    cwd: SERVER_DIRECTORY,
    env: { ...env, PORT: String(port) },
    announcement: "Ready",
  };
  return { pid: await startProcess(wanted, workplace.place, stop, cleanUp), origin: `http://127.0.0.1:${port}` };
});

/** Installs the packages of bench/package.json; npm checks whether they are already there. */
async function install(stop: AbortSignal): Promise<void> {
  try {
    await runToEnd({ program: "npm", args: INSTALL, cwd: "bench", env: {}, stop });
  } catch (error) {
    stop.throwIfAborted();
    const lastLine = (error as Error).message.trim().split("\n").at(-1);
    throw new StartError(`npm could not install it (${lastLine})`);
  }
}
