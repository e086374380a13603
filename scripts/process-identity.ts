import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** True also for a process that belongs to someone else. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/**
 * When a process began, in a form that only compares: with it a number that the system has since
 * given to another process isn't mistaken for the old one. `undefined` where it can't be found out.
 */
export function startTimeOf(pid: number): string | undefined {
  return linuxStartTime(pid) ?? psField(pid, "lstart");
}

/** The name of the program a process runs; `undefined` when it is gone. */
export function commandOf(pid: number): string | undefined {
  return readProc(pid, "comm")?.trim() ?? psField(pid, "comm");
}

/** The parent of a process; `undefined` when it is gone. */
export function parentOf(pid: number): number | undefined {
  const parent = statFields(pid)?.[1] ?? psField(pid, "ppid");
  return parent === undefined ? undefined : Number(parent);
}

/** The start time is the 22nd field of the line. */
function linuxStartTime(pid: number): string | undefined {
  return statFields(pid)?.[19];
}

/** The fields from the third on: the second is the command's name in parentheses, and may hold anything. */
function statFields(pid: number): string[] | undefined {
  const stat = readProc(pid, "stat");
  return stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
}

function readProc(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return undefined;
  }
}

/** For systems without /proc; slim containers in turn have no `ps`. */
function psField(pid: number, field: string): string | undefined {
  try {
    return execFileSync("ps", ["-o", `${field}=`, "-p", String(pid)], { encoding: "utf8", stdio: "pipe" }).trim();
  } catch {
    return undefined;
  }
}
