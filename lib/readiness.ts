import "server-only";
import { log } from "@/lib/log";
import { pendingMigrations } from "@/lib/migrations";
import { lookupPool } from "@/lib/verification/connections";

/** What has to be in order before requests are sent here; each "ok" or a word that says what is not. */
export async function readiness(): Promise<Record<string, string>> {
  try {
    const pending = await pendingMigrations(lookupPool);
    return { database: "ok", migrations: pending.length === 0 ? "ok" : "pending" };
  } catch (error) {
    log.warn({ err: String(error) }, "not ready");
    return { database: "unreachable", migrations: "unknown" };
  }
}
