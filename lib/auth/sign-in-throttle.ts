import "server-only";
import { createHash } from "node:crypto";
import { RateLimiterPostgres, RateLimiterRes } from "rate-limiter-flexible";
import { runChange } from "@/lib/database/db";
import { clientSource } from "@/lib/http/client-source";

/** The library's prepared statements would fail behind a pooler in transaction mode. */
const unprepared = { query: ({ text, values }: { text: string; values: unknown[] }) => runChange(text, values) };

// Stored in the database, so that all consoles share the counts and a restart preserves them.
const limiter = (keyPrefix: string, points: number, duration: number) =>
  new RateLimiterPostgres({
    storeClient: unprepared,
    storeType: "pool",
    tableName: "sign_in_failures",
    tableCreated: true,
    clearExpiredByTimeout: false,
    keyPrefix,
    points,
    duration,
  });

const byAccount = limiter("account", 10, 300);
/** Enough for an office behind one address; only failures count. */
const bySource = limiter("source", 50, 900);
const byBrowser = limiter("browser", 10, 300);

export type Attempt = {
  /** Null if the input can't be an email address. */
  email: string | null;
  ip: string | null;
  /** A browser known for the account, or one of its sessions; counted separately. */
  browser: string | null;
};

const accountKey = (email: string) => createHash("sha256").update(email).digest("hex");

/**
 * Counts one attempt before the password is checked, so that a hundred concurrent guesses count as a hundred. Returns
 * the seconds to wait if the limit is reached, otherwise 0. Each window is fixed from its first failure; further
 * guesses don't extend it. A source over its limit doesn't affect any account's count and adds no row.
 */
export async function takeAttempt({ email, ip, browser }: Attempt): Promise<number> {
  if (browser) return take(byBrowser, browser);
  const source = clientSource(ip);
  const secondsForSource = await take(bySource, source);
  if (secondsForSource > 0 || email === null) return secondsForSource;
  const secondsForAccount = await take(byAccount, accountKey(email));
  // A program with an outdated password must not use up the limit of its whole office.
  if (secondsForAccount > 0) await bySource.reward(source, 1);
  return secondsForAccount;
}

async function take(limited: RateLimiterPostgres, key: string): Promise<number> {
  try {
    await limited.consume(key);
    return 0;
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) return Math.max(1, Math.ceil(refusal.msBeforeNext / 1000));
    throw refusal;
  }
}

/** Clears the account's failures after a success, and refunds the source's attempt: only failures count. */
export async function clearFailures({ email, ip, browser }: Attempt): Promise<void> {
  if (browser) await byBrowser.delete(browser);
  else if (email !== null) {
    await byAccount.delete(accountKey(email));
    await bySource.reward(clientSource(ip), 1);
  }
}

/** Counts a failure against an account without enforcing the limit. */
export async function countFailure(email: string): Promise<void> {
  await byAccount.penalty(accountKey(email), 1);
}

/** Deletes counts whose window is over. */
export async function deleteOldFailures(): Promise<void> {
  await runChange("delete from sign_in_failures where expire <= extract(epoch from now()) * 1000");
}
