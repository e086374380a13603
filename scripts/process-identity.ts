import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Also true for another user's process. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/**
 * When a process started, for comparison only: it distinguishes a process from a later one with the same ID.
 * `undefined` if unknown.
 */
export function startTimeOf(pid: number): string | undefined {
  return linuxStartTime(pid) ?? psField(pid, "lstart");
}

/** The name of a process's program; `undefined` if it has exited. */
export function commandOf(pid: number): string | undefined {
  return readProc(pid, "comm")?.trim() ?? psField(pid, "comm");
}

/** A process's parent; `undefined` if it has exited. */
export function parentOf(pid: number): number | undefined {
  const parent = statFields(pid)?.[1] ?? psField(pid, "ppid");
  return parent === undefined ? undefined : Number(parent);
}

/** The start time is the 22nd field of the line. */
function linuxStartTime(pid: number): string | undefined {
  return statFields(pid)?.[19];
}

/** The fields from the third on; the second, the command's name in parentheses, can contain anything. */
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

/** For systems without /proc; slim containers have no `ps`. */
function psField(pid: number, field: string): string | undefined {
  try {
    return execFileSync("ps", ["-o", `${field}=`, "-p", String(pid)], { encoding: "utf8", stdio: "pipe" }).trim();
  } catch {
    return undefined;
  }
}
