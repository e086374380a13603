import "server-only";
import { type DatabaseTrouble, databaseTrouble } from "@/lib/database/database-away";
import { processWide } from "@/lib/process-wide";

type Lasting = Extract<DatabaseTrouble, "read_only" | "exhausted">;

/** A process that isn't ready gets no changes that could show recovery, so the state expires after this time. */
const TROUBLE_TTL_MS = 10_000;

const latest = processWide("latestChange", () => ({
  trouble: null as Lasting | null,
  endedAt: Number.NEGATIVE_INFINITY,
}));

/**
 * Records how a change ended, with its error if it failed: reads alone don't reveal a full disk. A successful change
 * proves that the database accepts writes, but nothing about the disk: small changes still fit on a full one. A change
 * rejected for other reasons proves neither.
 */
export function noteChange(error: unknown = null): void {
  const trouble = databaseTrouble(error);
  if (trouble === "read_only" || trouble === "exhausted")
    Object.assign(latest, { trouble, endedAt: performance.now() });
  else if (error === null && latest.trouble === "read_only") latest.trouble = null;
}

/** The trouble that recently prevented a change. */
export function latestTrouble(): Lasting | null {
  return performance.now() - latest.endedAt < TROUBLE_TTL_MS ? latest.trouble : null;
}
