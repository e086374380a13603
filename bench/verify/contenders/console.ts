import { cpSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "../../../scripts/free-port.ts";
import { startProcess } from "../processes/start-process.ts";
import { once, type Site } from "../site.ts";

export const BARE_ROUTE = "/api/bench/bare";
export const OURS_ROUTE = "/api/bench/ours";

/** Adds the two measured route handlers to the copy before it is built. */
export function addRoutes(copy: string): void {
  cpSync(join("bench", "verify", "next-routes"), join(copy, "app", "api", "bench"), { recursive: true });
}

/** The console as run by `npm start`. The first one to start builds the copy. */
export const startConsole = once(async ({ workplace, database, stop, cleanUp }: Site) => {
  const port = await freePort();
  const wanted = {
    name: "console",
    args: ["scripts/run.mjs", "start"],
    cwd: workplace.copy,
    env: {
      DATABASE_URL: database.url,
      DATA_DIR: workplace.dataDir,
      PORT: String(port),
      // For the verifier that it starts.
      VERIFIER_PORT: String(await freePort()),
    },
    announcement: "Latchkey is at ",
  };
  return { pid: await startProcess(wanted, workplace.place, stop, cleanUp), origin: `http://127.0.0.1:${port}` };
});

/** The same build with only `next start`: the cost of Next itself, without our checks in front of it. */
export const startNext = once(async (site: Site) => {
  await startConsole(site);
  const { workplace, database, stop, cleanUp } = site;
  const port = await freePort();
  const wanted = {
    name: "next",
    args: ["node_modules/next/dist/bin/next", "start", "--hostname", "127.0.0.1", "--port", String(port)],
    cwd: workplace.copy,
    env: { DATABASE_URL: database.url, DATA_DIR: workplace.dataDir },
    announcement: "Ready in",
  };
  return { pid: await startProcess(wanted, workplace.place, stop, cleanUp), origin: `http://127.0.0.1:${port}` };
});
