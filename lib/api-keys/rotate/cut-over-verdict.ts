/** One of the two keys of a rotation, with its use; times are ISO 8601 in UTC, hours are clock hours. */
export type CutOverSide = {
  id: string;
  name: string | null;
  tokenStart: string;
  tokenLastFour: string;
  createdAt: string;
  lastUsedAt: string | null;
  callsThisHour: number;
  callsHourBefore: number;
  /** The latest few. Flushed every half minute, so they may lag behind `lastUsedAt`. */
  addresses: { ip: string; userAgent: string | null; lastAt: string; callsThisHour: number }[];
};

/** The change from a rotated key to its successor. */
export type CutOver = {
  old: CutOverSide;
  successor: CutOverSide;
  /** When the old token expires. */
  endsAt: string | null;
  now: string;
  mayEnd: boolean;
  verdict: CutOverVerdict;
};

/**
 * `in_use`: the old token was used within the last {@link QUIET_MINUTES}. `not_started`: it wasn't, but the new one was
 * never used. `safe`: the old one wasn't, and the new one has been used.
 */
export type CutOverVerdict = "in_use" | "not_started" | "safe";

export const QUIET_MINUTES = 15;

/** Whether the recorded calls suggest that the old token can be ended without an outage. */
export function cutOverVerdict(
  old: Pick<CutOverSide, "lastUsedAt">,
  successor: Pick<CutOverSide, "lastUsedAt">,
  now: Date,
): CutOverVerdict {
  const quietSince = now.getTime() - QUIET_MINUTES * 60_000;
  if (old.lastUsedAt !== null && Date.parse(old.lastUsedAt) > quietSince) return "in_use";
  return successor.lastUsedAt === null ? "not_started" : "safe";
}
