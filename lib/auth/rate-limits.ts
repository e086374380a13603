import "server-only";
import { RateLimiterPostgres, RateLimiterRes } from "rate-limiter-flexible";
import { runChange } from "@/lib/database/db";
import { TooManyRequests } from "@/lib/errors";

const HOUR_SECONDS = 3_600;

/** How often a user may do what leaves rows that nobody can delete, sends mail, or reads everything. */
const LIMITS = {
  sign_ins: { points: 100, duration: HOUR_SECONDS, what: "signed in" },
  session_tokens: { points: 60, duration: HOUR_SECONDS, what: "made session tokens" },
  invitations: { points: 100, duration: HOUR_SECONDS, what: "invited people" },
  exports: { points: 30, duration: HOUR_SECONDS, what: "exported" },
  confirmation_mails: { points: 3, duration: HOUR_SECONDS, what: "asked for mails" },
  account_changes: { points: 30, duration: HOUR_SECONDS, what: "changed your account" },
} as const;

export type LimitedAct = keyof typeof LIMITS;

/** Its own prepared statements would fail behind a pooler in transaction mode. */
const unprepared = { query: ({ text, values }: { text: string; values: unknown[] }) => runChange(text, values) };

const limiters = new Map(
  Object.entries(LIMITS).map(([act, { points, duration }]) => [
    act,
    new RateLimiterPostgres({
      storeClient: unprepared,
      storeType: "pool",
      tableName: "rate_limits",
      tableCreated: true,
      clearExpiredByTimeout: false,
      keyPrefix: act,
      points,
      duration,
    }),
  ]),
);

/**
 * Takes one of the turns that a user has within an hour, counted for all consoles in the database. Throws
 * {@link TooManyRequests} when none is left.
 */
export async function takeTurn(act: LimitedAct, userId: string): Promise<void> {
  const seconds = await secondsUntilTurn(act, userId);
  if (seconds === 0) return;
  const minutes = Math.ceil(seconds / 60);
  const { what, points } = LIMITS[act];
  throw new TooManyRequests(
    `You have ${what} ${points} times within an hour. Try again in ${minutes === 1 ? "a minute" : `${minutes} minutes`}.`,
    seconds,
  );
}

/** The same as a number: 0 when the turn was taken, else the seconds until there is one. */
export async function secondsUntilTurn(act: LimitedAct, userId: string): Promise<number> {
  try {
    await limiters.get(act)?.consume(userId);
    return 0;
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) return Math.max(1, Math.ceil(refusal.msBeforeNext / 1_000));
    throw refusal;
  }
}

/** Deletes the counts whose hour is over. */
export async function deleteOldTurns(): Promise<void> {
  await runChange("delete from rate_limits where expire <= extract(epoch from now()) * 1000");
}
