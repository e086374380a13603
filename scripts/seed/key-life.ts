import { type ExpiryChoice, expiryAfter } from "../../lib/api-keys/expiry.ts";
import type { KeyStatus } from "../../lib/api-keys/status.ts";
import { instantBetween, pickWeighted, type Random, wholeBetween } from "./random.ts";

/** When a key was created, expires, was revoked and was last used. */
export type KeyLife = { createdAt: Date; expiresAt: Date | null; revokedAt: Date | null; lastUsedAt: Date | null };

const DAY_MS = 86_400_000;
const HISTORY_MS = 3 * 365 * DAY_MS;

/** Frequencies of lifetimes in percent: most people choose the recommended one. */
const CHOICES: readonly (readonly [number, ExpiryChoice | "a date"])[] = [
  [56, "90d"],
  [13, "never"],
  [9, "1y"],
  [7, "6m"],
  [5, "1m"],
  [4, "2w"],
  [2, "3m"],
  [4, "a date"],
];
const LAPSING = CHOICES.filter(([, choice]) => choice !== "never");

// A month has 28 to 31 days, so a lifetime counted from another day can differ by a tenth.
const SURELY_BEFORE_EXPIRY = 0.9;
const SURELY_AFTER_EXPIRY = 1.15;

/** Generates the dates of a key with this status at `now`, created in the last three years. */
export function makeUpKeyLife(random: Random, status: KeyStatus, now: Date): KeyLife {
  switch (status) {
    case "active":
      return activeLife(random, now);
    case "expired":
      return expiredLife(random, now);
    case "revoked":
      return revokedLife(random, now);
  }
}

function activeLife(random: Random, now: Date): KeyLife {
  const lifetime = chooseLifetime(random, CHOICES);
  const longestAgo = Math.min(HISTORY_MS, lifetime.lengthFrom(now) * SURELY_BEFORE_EXPIRY);
  const createdAt = instantBetween(random, ago(now, longestAgo), now);
  const use = pickWeighted(random, [
    [80, "recent"],
    [12, "long ago"],
    [8, "never"],
  ]);
  // Most programs call every few minutes, some once per night.
  const recently = instantBetween(random, now, ago(now, 2 * DAY_MS), 5);
  const lastUse = {
    recent: latest(createdAt, recently),
    "long ago": instantBetween(random, createdAt, now),
    never: null,
  };
  return { createdAt, expiresAt: lifetime.endFrom(createdAt), revokedAt: null, lastUsedAt: lastUse[use] };
}

function expiredLife(random: Random, now: Date): KeyLife {
  const lifetime = chooseLifetime(random, LAPSING);
  const shortestAgo = lifetime.lengthFrom(now) * SURELY_AFTER_EXPIRY;
  const createdAt = instantBetween(random, ago(now, HISTORY_MS), ago(now, shortestAgo));
  const expiresAt = lifetime.endFrom(createdAt);
  return { createdAt, expiresAt, revokedAt: null, lastUsedAt: lastUseBefore(random, createdAt, expiresAt ?? now) };
}

/** Only an active key can be revoked, so that happened before its expiry. */
function revokedLife(random: Random, now: Date): KeyLife {
  const lifetime = chooseLifetime(random, CHOICES);
  const createdAt = instantBetween(random, ago(now, HISTORY_MS), now);
  const expiresAt = lifetime.endFrom(createdAt);
  const revokedAt = instantBetween(random, createdAt, expiresAt && expiresAt < now ? expiresAt : now, 2);
  return { createdAt, expiresAt, revokedAt, lastUsedAt: lastUseBefore(random, createdAt, revokedAt) };
}

/** A quarter was never used; most others were used until shortly before the end. */
function lastUseBefore(random: Random, createdAt: Date, end: Date): Date | null {
  return random() < 0.25 ? null : instantBetween(random, end, createdAt, 4);
}

/** A lifetime in milliseconds (infinite if it never expires) and the instant at which it ends. */
function chooseLifetime(random: Random, choices: typeof CHOICES) {
  const choice = pickWeighted(random, choices);
  if (choice !== "a date") {
    return {
      lengthFrom: (from: Date) => (expiryAfter(choice, from)?.getTime() ?? Number.POSITIVE_INFINITY) - from.getTime(),
      endFrom: (from: Date) => expiryAfter(choice, from),
    };
  }
  const length = wholeBetween(random, 10, 500) * DAY_MS;
  return { lengthFrom: () => length, endFrom: (from: Date) => new Date(from.getTime() + length) };
}

function ago(now: Date, duration: number): Date {
  return new Date(now.getTime() - duration);
}

function latest(one: Date, other: Date): Date {
  return one > other ? one : other;
}
