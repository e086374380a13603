import "server-only";
import { EXPIRY_CHOICE_NAMES, type ExpiryChoice, RECOMMENDED_EXPIRY } from "@/lib/api-keys/expiry";
import type { KeyKind } from "@/lib/api-keys/kinds";
import { OVERLAP_CHOICE_NAMES, type OverlapChoice } from "@/lib/api-keys/rotate/overlap";
import type { Transaction } from "@/lib/database/db";
import { AppError } from "@/lib/errors";

/** A team's rules for its keys. */
export type TeamPolicy = {
  defaultLifetime: ExpiryChoice;
  /** In days; null means unlimited. */
  maxLifetimeDays: number | null;
  mayNeverExpire: boolean;
  requiresIps: boolean;
  /** Active personal keys per member. */
  maxActiveKeys: number;
  defaultOverlap: OverlapChoice;
  /** The scopes that members' personal keys can have; null means all that their role grants. */
  memberScopes: readonly string[] | null;
};

export const DEFAULT_POLICY: TeamPolicy = {
  defaultLifetime: RECOMMENDED_EXPIRY,
  maxLifetimeDays: null,
  mayNeverExpire: true,
  requiresIps: false,
  maxActiveKeys: 10,
  defaultOverlap: "24h",
  memberScopes: null,
};

/** The team's current policy, as seen by the caller's transaction. */
export async function readPolicy(tx: Transaction, teamId: string): Promise<TeamPolicy> {
  const row = await tx.teamPolicy.findUnique({ where: { teamId } });
  if (!row) return DEFAULT_POLICY;
  const { maxLifetimeDays, mayNeverExpire, requiresIps, maxActiveKeys } = row;
  return {
    defaultLifetime: EXPIRY_CHOICE_NAMES.find((choice) => choice === row.defaultLifetime) ?? RECOMMENDED_EXPIRY,
    maxLifetimeDays,
    mayNeverExpire,
    requiresIps,
    maxActiveKeys,
    defaultOverlap: OVERLAP_CHOICE_NAMES.find((choice) => choice === row.defaultOverlap) ?? "24h",
    memberScopes: row.limitsScopes ? row.memberScopes : null,
  };
}

/** The fields of a key that a policy checks. */
export type KeyTerms = {
  kind: KeyKind;
  scopes: readonly string[];
  allowedIps: readonly string[];
  createdAt: Date;
  expiresAt: Date | null;
};

const DAY_MS = 86_400_000;
/** Months and daylight saving make a "year" slightly longer than 365 days, and submitting a form takes a moment. */
export const LIFETIME_TOLERANCE_MS = DAY_MS + 60_000;

/** How a key's terms break the policy, as a sentence by form field; empty if they comply. */
export function policyBreaches(policy: TeamPolicy, key: KeyTerms): Partial<Record<PolicyField, string>> {
  const breaches: Partial<Record<PolicyField, string>> = {};
  if (key.expiresAt === null && !policy.mayNeverExpire) {
    breaches.expiry = "Your team's policy requires an expiration. Choose one.";
  }
  if (policy.maxLifetimeDays !== null && livesLongerThan(policy.maxLifetimeDays, key)) {
    breaches.expiry = longestLifetimeBreach(policy.maxLifetimeDays);
  }
  if (policy.requiresIps && key.allowedIps.length === 0) {
    breaches.allowedIps = "Your team's policy requires an IP allowlist.";
  }
  if (key.kind === "personal" && policy.memberScopes) {
    const beyond = key.scopes.find((scope) => !policy.memberScopes?.includes(scope));
    if (beyond !== undefined) breaches.scopes = `Your team's policy doesn't allow ${beyond} on members' keys.`;
  }
  return breaches;
}

export type PolicyField = "expiry" | "allowedIps" | "scopes";

export const longestLifetimeBreach = (days: number) =>
  `Your team's policy allows a lifetime of at most ${days === 1 ? "1 day" : `${days} days`}.`;

function livesLongerThan(days: number, { createdAt, expiresAt }: KeyTerms): boolean {
  return expiresAt === null || expiresAt.getTime() - createdAt.getTime() > days * DAY_MS + LIFETIME_TOLERANCE_MS;
}

/** Throws `invalid` with a message for each field that breaks the policy. */
export function enforcePolicy(policy: TeamPolicy, key: KeyTerms): void {
  const fields = policyBreaches(policy, key);
  const first = Object.values(fields)[0];
  if (first !== undefined) throw new AppError("invalid", first, fields);
}
