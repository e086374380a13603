import type { CleanUp, Workplace } from "../workplace.ts";
import type { RunningServer } from "./measure.ts";
import type { SeededDatabase } from "./seed/seeded-database.ts";

/** The environment of a measurement. */
export type Site = {
  workplace: Workplace;
  /** The first process of the PostgreSQL that all use. */
  postgresPid: number;
  /** For all tables but the second. */
  database: SeededDatabase;
  stop: AbortSignal;
  cleanUp: CleanUp;
};

export type StartServer = (site: Site) => Promise<RunningServer>;

/** Memoizes a start, because several rows of a table can use different endpoints of one process. */
export function once(start: StartServer): StartServer {
  const running = new Map<Site, Promise<RunningServer>>();
  return (site) => {
    const server = running.get(site) ?? start(site);
    running.set(site, server);
    return server;
  };
}
