import { cpSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "../../free-port.ts";
import { StartError } from "../../start-error.ts";
import { runToEnd } from "../processes/run-to-end.ts";
import { startProcess } from "../processes/start-process.ts";
import { createDatabase, settle } from "../seed/seeded-database.ts";
import { once, type Site } from "../site.ts";

const INSTALL = ["install", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts"];

/** Thrown-away like its database. */
const SECRET = "0123456789abcdef0123456789abcdef";

const directoryIn = ({ workplace }: Site) => join(workplace.place, "better-auth");

/** Keys of its own making, one a line. */
export const betterAuthKeys = (site: Site) => join(directoryIn(site), "keys.txt");

/** better-auth, installed here and now rather than among our packages, on a database of its own with as many keys. */
export const startBetterAuth = once(async (site: Site) => {
  const { workplace, database, stop, cleanUp } = site;
  const directory = directoryIn(site);
  cpSync(join("scripts", "bench-verify", "better-auth"), directory, { recursive: true });
  await install(directory, stop);
  const url = await createDatabase(workplace.database.urls.owner, "better_auth");
  const env = { DATABASE_URL: url, BETTER_AUTH_SECRET: SECRET };
  await runToEnd({
    args: ["fill-database.mjs", String(database.keys), betterAuthKeys(site)],
    cwd: directory,
    env,
    stop,
  });
  await settle(url);

  const port = await freePort();
  const wanted = {
    name: "better-auth",
    args: ["server.mjs"],
    cwd: directory,
    env: { ...env, PORT: String(port) },
    announcement: "Ready",
  };
  return { pid: await startProcess(wanted, workplace.place, stop, cleanUp), origin: `http://127.0.0.1:${port}` };
});

async function install(directory: string, stop: AbortSignal): Promise<void> {
  try {
    await runToEnd({ program: "npm", args: INSTALL, cwd: directory, env: {}, stop });
  } catch (error) {
    stop.throwIfAborted();
    const lastLine = (error as Error).message.trim().split("\n").at(-1);
    throw new StartError(`npm could not install it (${lastLine})`);
  }
}
