import type { CleanUp, Workplace } from "../workplace.ts";
import type { RunningServer } from "./measure.ts";
import type { SeededDatabase } from "./seed/seeded-database.ts";

/** Where everything under measurement runs, and until when. */
export type Site = {
  workplace: Workplace;
  /** The first process of the PostgreSQL behind all of them. */
  postgresPid: number;
  /** The one of all tables but the second. */
  database: SeededDatabase;
  stop: AbortSignal;
  cleanUp: CleanUp;
};

export type StartServer = (site: Site) => Promise<RunningServer>;

/** The same start gives the same server: several rows of a table may ask different doors of one process. */
export function once(start: StartServer): StartServer {
  const running = new Map<Site, Promise<RunningServer>>();
  return (site) => {
    const server = running.get(site) ?? start(site);
    running.set(site, server);
    return server;
  };
}
