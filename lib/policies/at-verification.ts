import { LIFETIME_TOLERANCE_MS, type TeamPolicy } from "@/lib/policies/team-policy";

/** The parts of a team's policy that verification enforces. */
export type PolicyInForce = Pick<TeamPolicy, "maxLifetimeDays" | "mayNeverExpire" | "requiresIps" | "memberScopes"> & {
  changedAt: Date;
};

/** The fields of a key that matter to a policy; `policy` is its team's, or null. */
type KeyUnderPolicy = {
  createdAt: Date;
  expiresAt: Date | null;
  policy: PolicyInForce | null;
};

/**
 * The policy that applies to a key, if any. Keys from the console already comply; this covers keys created by SQL or by
 * an older console. Keys from before the policy's last change are exempt: they are listed, not stopped without warning.
 */
export function policyOver(key: Pick<KeyUnderPolicy, "createdAt" | "policy">): PolicyInForce | null {
  return key.policy !== null && key.createdAt > key.policy.changedAt ? key.policy : null;
}

const DAY_MS = 86_400_000;
/** The latest date (ECMA-262, 21.4.1.1). */
const MAX_DATE_MS = 8.64e15;

/**
 * When a key expires: at its own expiry, or earlier by its team's policy. A key without an expiry that the policy
 * requires expires with the maximum lifetime or, without one, immediately.
 */
export function effectiveExpiry(key: KeyUnderPolicy): Date | null {
  const policy = policyOver(key);
  const { expiresAt } = key;
  if (!policy) return expiresAt;
  if (policy.maxLifetimeDays === null) return expiresAt ?? (policy.mayNeverExpire ? null : key.createdAt);
  const latestMs = key.createdAt.getTime() + policy.maxLifetimeDays * DAY_MS + LIFETIME_TOLERANCE_MS;
  const latest = new Date(Math.min(latestMs, MAX_DATE_MS));
  return expiresAt && expiresAt < latest ? expiresAt : latest;
}
