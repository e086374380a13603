import { spawnSync } from "node:child_process";
import { loadavg } from "node:os";
import pg from "pg";
import { describeMachine } from "./machine.ts";
import type { Circumstances } from "./verify/report/performance-document.ts";

const QUIET_BELOW = 0.3;

/** The number of cores that other programs used in the last minute. Read it before adding load. */
export function readBusyCores(): number {
  const [busyCores = 0] = loadavg();
  if (busyCores >= QUIET_BELOW) {
    console.log(
      `! Other programs use this machine (load ${busyCores.toFixed(1)}): the figures will be lower and less sure.`,
    );
  }
  return busyCores;
}

/** The conditions that affect the figures. */
export async function readCircumstances(databaseUrl: string, busyCores: number): Promise<Circumstances> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query("show server_version");
  await client.end();
  return {
    machine: describeMachine(),
    postgresVersion: rows[0]?.server_version,
    wrkVersion: readWrkVersion(),
    busyCores,
    date: new Date().toISOString().slice(0, 10),
  };
}

/** For example "wrk 4.1.0", from its first line; its exit code only says that it got no URL. */
function readWrkVersion(): string {
  const { stdout = "" } = spawnSync("wrk", ["-v"], { encoding: "utf8" });
  return /\d+\.\d+\.\d+/.exec(stdout) ? `wrk ${/\d+\.\d+\.\d+/.exec(stdout)?.[0]}` : "wrk";
}
