import { freePort } from "../../../scripts/free-port.ts";
import { startProcess } from "../processes/start-process.ts";
import { once, type Site, type StartServer } from "../site.ts";

export const startBareHttp = ownServer("bare-http");
export const startBare204 = ownServer("bare-204");
export const startOneQuery = ownServer("one-query");
export const startPrisma = ownServer("prisma");

/** One of the servers in `servers/`, run with tsx, from the same copy as ours. */
function ownServer(name: string): StartServer {
  return once(async ({ workplace, database, stop, cleanUp }: Site) => {
    const port = await freePort();
    const wanted = {
      name,
      args: ["--import", "tsx", `bench/verify/servers/${name}.ts`],
      cwd: workplace.copy,
      env: { DATABASE_URL: database.url, PORT: String(port) },
      announcement: "Ready",
    };
    return { pid: await startProcess(wanted, workplace.place, stop, cleanUp), origin: `http://127.0.0.1:${port}` };
  });
}
