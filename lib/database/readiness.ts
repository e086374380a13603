import "server-only";
import { databaseTrouble } from "@/lib/database/database-away";
import { latestTrouble } from "@/lib/database/latest-change";
import { pendingMigrations } from "@/lib/database/migrations";
import { log } from "@/lib/log";
import { healthPool } from "@/lib/verification/connections";
import { confirmPrimary } from "@/lib/verification/lookup";
import { doubtOf } from "@/lib/verification/primary";

type Checks = Record<string, string>;

/** Anyone can call this in any number; the database is queried once per this interval. */
const CACHE_MS = 1_000;

let latest: { checks: Promise<Checks>; finishedAt: number } | undefined;

/**
 * What must be in order before requests are sent here: "ok" or the problem. At most a second old, plus the time the
 * check takes.
 */
export function readiness(): Promise<Checks> {
  if (latest && performance.now() - latest.finishedAt < CACHE_MS) return latest.checks;
  const current = { checks: check(), finishedAt: Number.POSITIVE_INFINITY };
  latest = current;
  return current.checks.finally(() => {
    current.finishedAt = performance.now();
  });
}

async function check(): Promise<Checks> {
  try {
    const pending = await pendingMigrations(healthPool);
    if (pending.length > 0) return { database: "ok", migrations: "pending" };
    await confirmPrimary(healthPool);
    return { database: latestTrouble() ?? "ok", migrations: "ok" };
  } catch (error) {
    // A heartbeat that fails for lack of space doesn't point to another primary.
    const doubt = databaseTrouble(error) === "exhausted" ? "exhausted" : doubtOf(error);
    if (doubt) return { database: doubt, migrations: "unknown" };
    log.warn({ err: String(error) }, "not ready");
    return { database: "unreachable", migrations: "unknown" };
  }
}
