import { readdirSync, readFileSync } from "node:fs";

/** USER_HZ, the kernel's unit for processor time, independent of its clock (proc(5)). */
const TICKS_PER_SECOND = 100;
const MS_PER_TICK = 1_000 / TICKS_PER_SECOND;
const KB_PER_MB = 1_024;

type ProcessStat = { pid: number; parent: number; ownTicks: number; endedChildrenTicks: number };

/** A process and its descendants, as of now. */
export function treeOf(root: number): ProcessStat[] {
  const all = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readStat(Number(name)) ?? []);
  const tree = all.filter(({ pid }) => pid === root);
  for (const { pid } of tree) tree.push(...all.filter(({ parent }) => parent === pid));
  return tree;
}

/** Processor time used by the tree, including processes that have exited. */
export function cpuTimeMs(root: number): number {
  const ticks = treeOf(root).map(({ ownTicks, endedChildrenTicks }) => ownTicks + endedChildrenTicks);
  return ticks.reduce((sum, more) => sum + more, 0) * MS_PER_TICK;
}

/** Resident memory of the tree; shared memory counts for each process. */
export function residentMb(root: number): number {
  return treeOf(root).reduce((sum, { pid }) => sum + residentKb(pid), 0) / KB_PER_MB;
}

function residentKb(pid: number): number {
  const [, kilobytes = "0"] = /^VmRSS:\s+(\d+)/m.exec(readProc(pid, "status") ?? "") ?? [];
  return Number(kilobytes);
}

/** Fields 4 and 14 to 17 of proc(5)'s list; the second, the name in parentheses, can contain anything. */
function readStat(pid: number): ProcessStat | undefined {
  const stat = readProc(pid, "stat");
  if (!stat) return undefined;
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const field = (number: number) => Number(fields[number - 3]);
  return { pid, parent: field(4), ownTicks: field(14) + field(15), endedChildrenTicks: field(16) + field(17) };
}

function readProc(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    // It has exited in the meantime.
    return undefined;
  }
}
