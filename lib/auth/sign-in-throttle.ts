import "server-only";
import { createHash } from "node:crypto";
import { RateLimiterPostgres, RateLimiterRes } from "rate-limiter-flexible";
import { runChange } from "@/lib/database/db";
import { clientSource } from "@/lib/http/client-source";

/** Its own prepared statements would fail behind a pooler in transaction mode, and a sign-in is slow anyway. */
const unprepared = { query: ({ text, values }: { text: string; values: unknown[] }) => runChange(text, values) };

// Kept in the database, so that every console counts the same and a restart forgets nothing.
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
/** Wide enough for an office behind one address on a Monday morning: only failures count. */
const bySource = limiter("source", 50, 900);
const byBrowser = limiter("browser", 10, 300);

export type Attempt = {
  /** Null where what was typed can't be an address. */
  email: string | null;
  ip: string | null;
  /** A browser that the account signed in with before, or a session of it: it is counted alone. */
  browser: string | null;
};

const accountKey = (email: string) => createHash("sha256").update(email).digest("hex");

/**
 * Takes one attempt before the password is looked at, so that a hundred guesses at once count as a hundred. Returns the
 * seconds to wait when none is left, else 0. Each window is fixed from its first failure: going on guessing doesn't
 * lengthen it. A source that has none left touches no account's count and adds no row.
 */
export async function takeAttempt({ email, ip, browser }: Attempt): Promise<number> {
  if (browser) return take(byBrowser, browser);
  const source = clientSource(ip);
  const secondsForSource = await take(bySource, source);
  if (secondsForSource > 0 || email === null) return secondsForSource;
  const secondsForAccount = await take(byAccount, accountKey(email));
  // A program that goes on with an outdated password must not use up what its whole office has.
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

/** A success clears the account's failures, and takes its own attempt back from its source: only failures count. */
export async function clearFailures({ email, ip, browser }: Attempt): Promise<void> {
  if (browser) await byBrowser.delete(browser);
  else if (email !== null) {
    await byAccount.delete(accountKey(email));
    await bySource.reward(clientSource(ip), 1);
  }
}

/** Counts a failure against an account without deciding by it. */
export async function countFailure(email: string): Promise<void> {
  await byAccount.penalty(accountKey(email), 1);
}

/** Deletes the counts whose window is over. */
export async function deleteOldFailures(): Promise<void> {
  await runChange("delete from sign_in_failures where expire <= extract(epoch from now()) * 1000");
}
