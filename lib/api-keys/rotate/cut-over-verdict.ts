/** A key of a rotation and what uses it; times are ISO 8601 in UTC, hours those of the clock. */
export type CutOverSide = {
  id: string;
  name: string | null;
  tokenStart: string;
  tokenLastFour: string;
  createdAt: string;
  lastUsedAt: string | null;
  callsThisHour: number;
  callsHourBefore: number;
  /** The latest few. They are written every half minute, later than `lastUsedAt`. */
  addresses: { ip: string; userAgent: string | null; lastAt: string; callsThisHour: number }[];
};

/** The change from a rotated key to its successor. */
export type CutOver = {
  old: CutOverSide;
  successor: CutOverSide;
  /** When the old token stops by itself. */
  endsAt: string | null;
  now: string;
  mayEnd: boolean;
  verdict: CutOverVerdict;
};

/**
 * `in_use`: the old token was used within the last quarter of an hour. `not_started`: it is quiet, but so is the new
 * one. `safe`: the new one is in use and the old one quiet.
 */
export type CutOverVerdict = "in_use" | "not_started" | "safe";

export const QUIET_MINUTES = 15;

/** Whether the old token can be ended without anybody noticing, as far as the calls tell. */
export function cutOverVerdict(
  old: Pick<CutOverSide, "lastUsedAt">,
  successor: Pick<CutOverSide, "lastUsedAt">,
  now: Date,
): CutOverVerdict {
  const quietSince = now.getTime() - QUIET_MINUTES * 60_000;
  if (old.lastUsedAt !== null && Date.parse(old.lastUsedAt) > quietSince) return "in_use";
  return successor.lastUsedAt === null ? "not_started" : "safe";
}
