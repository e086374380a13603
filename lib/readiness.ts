import "server-only";
import { log } from "@/lib/log";
import { pendingMigrations } from "@/lib/migrations";
import { lookupPool } from "@/lib/verification/connections";
import { confirmPrimary } from "@/lib/verification/lookup";
import { doubtOf } from "@/lib/verification/primary";

/** What has to be in order before requests are sent here; each "ok" or a word that says what is not. */
export async function readiness(): Promise<Record<string, string>> {
  try {
    const pending = await pendingMigrations(lookupPool);
    if (pending.length > 0) return { database: "ok", migrations: "pending" };
    await confirmPrimary();
    return { database: "ok", migrations: "ok" };
  } catch (error) {
    const doubt = doubtOf(error);
    if (doubt) return { database: doubt, migrations: "unknown" };
    log.warn({ err: String(error) }, "not ready");
    return { database: "unreachable", migrations: "unknown" };
  }
}
