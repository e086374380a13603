import "server-only";
import { deleteOldTurns } from "@/lib/auth/rate-limits";
import { deleteOldFailures } from "@/lib/auth/sign-in-throttle";
import { runChange } from "@/lib/database/db";
import { log } from "@/lib/log";
import { forgetOldRequests } from "@/lib/rest/idempotency";
import { onShutdown } from "@/lib/shutdown";

const ROUND_INTERVAL_MS = 3_600_000;
const FIRST_ROUND_MS = 90_000;

/** Deletes what no request will ask for any more: tokens and mailed links past their time, counts that are over, old requests. */
export async function dropOutdated(): Promise<void> {
  await runChange("delete from session_tokens where expires_at <= now()");
  await runChange("delete from email_confirmations where expires_at <= now()");
  await deleteOldFailures();
  await deleteOldTurns();
  await forgetOldRequests();
}

/** Does so once an hour for as long as the process lives; that several do makes no difference. */
export function dropOutdatedEveryHour(): void {
  const round = () => dropOutdated().catch((error) => log.warn({ err: String(error) }, "outdated rows not dropped"));
  const first = setTimeout(round, FIRST_ROUND_MS).unref();
  const rounds = setInterval(round, ROUND_INTERVAL_MS).unref();
  onShutdown(async () => {
    clearTimeout(first);
    clearInterval(rounds);
  });
}
