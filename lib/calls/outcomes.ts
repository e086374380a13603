/** Labels of the rules that can refuse an existing key, in the order in which they are checked. */
export const REFUSALS = {
  revoked: "Revoked",
  expired: "Expired",
  owner_inactive: "Owner inactive",
  ip_not_allowed: "IP address not allowed",
  insufficient_scope: "Missing scope",
  wrong_resource: "Wrong resource",
} as const;

export type RefusalCode = keyof typeof REFUSALS;
export const REFUSAL_CODES = Object.keys(REFUSALS) as RefusalCode[];

/** A rule's label. A code written by another version, unknown here, is shown unchanged. */
export const refusalLabel = (code: string) => REFUSALS[code as RefusalCode] ?? code;

/** Calls of one day (UTC, `2027-02-19`) by outcome. */
export type CallsDay = { day: string; accepted: number; refused: Record<string, number> };

/** The reasons that occur, in the order of the rules. */
export function reasonsIn(days: CallsDay[]): string[] {
  const found = new Set(days.flatMap(({ refused }) => Object.keys(refused)));
  const known = REFUSAL_CODES.filter((code) => found.delete(code));
  return [...known, ...found];
}

export function totals(days: CallsDay[]): { accepted: number; refused: number } {
  const sum = { accepted: 0, refused: 0 };
  for (const { accepted, refused } of days) {
    sum.accepted += accepted;
    for (const calls of Object.values(refused)) sum.refused += calls;
  }
  return sum;
}
