import "server-only";
import { deleteExpiredRateLimits } from "@/lib/auth/rate-limits";
import { deleteOldFailures } from "@/lib/auth/sign-in-throttle";
import { runChange } from "@/lib/database/db";
import { forgetOldRequests } from "@/lib/rest/idempotency";

/** Deletes what no request will ask for any more: tokens and mailed links past their time, counts that are over, old requests. */
export async function deleteOutdated(): Promise<void> {
  await runChange("delete from session_tokens where expires_at <= now()");
  await runChange("delete from email_confirmations where expires_at <= now()");
  await deleteOldFailures();
  await deleteExpiredRateLimits();
  await forgetOldRequests();
}
