import "server-only";
import { RateLimiterPostgres, RateLimiterRes } from "rate-limiter-flexible";
import { runChange } from "@/lib/database/db";
import { TooManyRequests } from "@/lib/errors";

const HOUR_SECONDS = 3_600;

/** Limits per user for actions that write permanent rows, send email, or read everything. */
const LIMITS = {
  sign_ins: { points: 100, duration: HOUR_SECONDS, what: "sign-ins" },
  session_tokens: { points: 60, duration: HOUR_SECONDS, what: "session tokens" },
  invitations: { points: 100, duration: HOUR_SECONDS, what: "invitations" },
  exports: { points: 30, duration: HOUR_SECONDS, what: "exports" },
  confirmation_mails: { points: 3, duration: HOUR_SECONDS, what: "confirmation emails" },
  calendar_links: { points: 30, duration: HOUR_SECONDS, what: "calendar links" },
  calendar_reads: { points: 60, duration: HOUR_SECONDS, what: "reads of this calendar" },
  account_changes: { points: 30, duration: HOUR_SECONDS, what: "account changes" },
} as const;

export type LimitedAction = keyof typeof LIMITS;

/** The library's prepared statements would fail behind a pooler in transaction mode. */
const unprepared = { query: ({ text, values }: { text: string; values: unknown[] }) => runChange(text, values) };

const limiters = new Map(
  Object.entries(LIMITS).map(([action, { points, duration }]) => [
    action,
    new RateLimiterPostgres({
      storeClient: unprepared,
      storeType: "pool",
      tableName: "rate_limits",
      tableCreated: true,
      clearExpiredByTimeout: false,
      keyPrefix: action,
      points,
      duration,
    }),
  ]),
);

/**
 * Counts one action against the user's hourly limit, which all consoles share through the database. Throws
 * {@link TooManyRequests} if it is used up.
 */
export async function consumeRateLimit(action: LimitedAction, userId: string): Promise<void> {
  const seconds = await secondsUntilAllowed(action, userId);
  if (seconds === 0) return;
  const minutes = Math.ceil(seconds / 60);
  const { what, points } = LIMITS[action];
  throw new TooManyRequests(
    `You've reached the limit of ${points} ${what} per hour. Try again in ${minutes === 1 ? "a minute" : `${minutes} minutes`}.`,
    seconds,
  );
}

/** The same as a number: 0 if the action is allowed, otherwise the seconds until it is. */
export async function secondsUntilAllowed(action: LimitedAction, userId: string): Promise<number> {
  try {
    await limiters.get(action)?.consume(userId);
    return 0;
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) return Math.max(1, Math.ceil(refusal.msBeforeNext / 1_000));
    throw refusal;
  }
}

/** Deletes counts whose hour is over. */
export async function deleteExpiredRateLimits(): Promise<void> {
  await runChange("delete from rate_limits where expire <= extract(epoch from now()) * 1000");
}
