import "server-only";
import { createHash } from "node:crypto";
import { RateLimiterPostgres, RateLimiterRes } from "rate-limiter-flexible";
import { pool } from "@/lib/db";

const FAILURES_ALLOWED = 10;
const WINDOW_SECONDS = 300;

/** Its own prepared statements would fail behind a pooler in transaction mode, and a sign-in is slow anyway. */
const unprepared = { query: ({ text, values }: { text: string; values: unknown[] }) => pool.query(text, values) };

// Counted by account and not by address: an attacker changes addresses freely. Kept in the
// database, so that every console counts the same and a restart forgets nothing.
const limiter = new RateLimiterPostgres({
  storeClient: unprepared,
  storeType: "pool",
  tableName: "sign_in_failures",
  tableCreated: true,
  clearExpiredByTimeout: true,
  keyPrefix: "account",
  points: FAILURES_ALLOWED,
  duration: WINDOW_SECONDS,
});

const keyOf = (email: string) => createHash("sha256").update(email).digest("hex");

/**
 * Takes one of the account's attempts before the password is looked at, so that a hundred guesses
 * at once count as a hundred. Returns the seconds to wait when none is left, else 0. The window is
 * fixed from the first failure: going on guessing does not keep the owner out any longer.
 */
export async function takeAttempt(email: string): Promise<number> {
  try {
    await limiter.consume(keyOf(email));
    return 0;
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) return Math.max(1, Math.ceil(refusal.msBeforeNext / 1000));
    throw refusal;
  }
}

/** A success clears the account's failures: only failures count. */
export async function forgetAttempts(email: string): Promise<void> {
  await limiter.delete(keyOf(email));
}
