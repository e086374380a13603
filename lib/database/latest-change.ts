import "server-only";
import { type DatabaseTrouble, databaseTrouble } from "@/lib/database/database-away";
import { processWide } from "@/lib/process-wide";

type Lasting = Extract<DatabaseTrouble, "read_only" | "exhausted">;

/** A process that isn't ready gets no changes, which would show that they are possible again: so it is tried after this. */
const REMEMBERED_MS = 10_000;

const latest = processWide("latestChange", () => ({
  trouble: null as Lasting | null,
  endedAt: Number.NEGATIVE_INFINITY,
}));

/**
 * Notes how a change ended, with its error if it failed: nothing that only reads shows that a disk is full. A change that
 * is made shows that the database takes writes, and nothing of the disk: small ones still find room on a full one. What a
 * change was refused for shows neither.
 */
export function noteChange(error: unknown = null): void {
  const trouble = databaseTrouble(error);
  if (trouble === "read_only" || trouble === "exhausted")
    Object.assign(latest, { trouble, endedAt: performance.now() });
  else if (error === null && latest.trouble === "read_only") latest.trouble = null;
}

/** What has kept a change from being made a short while ago. */
export function latestTrouble(): Lasting | null {
  return performance.now() - latest.endedAt < REMEMBERED_MS ? latest.trouble : null;
}
