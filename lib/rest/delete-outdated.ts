import "server-only";
import { deleteExpiredRateLimits } from "@/lib/auth/rate-limits";
import { deleteOldFailures } from "@/lib/auth/sign-in-throttle";
import { runChange } from "@/lib/database/db";
import { deleteOldRequests } from "@/lib/rest/idempotency";

/** Deletes expired tokens, mailed links, rate limit counts and idempotency keys. */
export async function deleteOutdated(): Promise<void> {
  await runChange("delete from session_tokens where expires_at <= now()");
  await runChange("delete from email_confirmations where expires_at <= now()");
  await deleteOldFailures();
  await deleteExpiredRateLimits();
  await deleteOldRequests();
}
