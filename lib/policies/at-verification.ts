import { LIFETIME_TOLERANCE_MS, type TeamPolicy } from "@/lib/policies/team-policy";

/** What verification holds keys to of a team's policy. */
export type PolicyInForce = Pick<TeamPolicy, "maxLifetimeDays" | "mayNeverExpire" | "requiresIps" | "memberScopes"> & {
  changedAt: Date;
};

/** A key as far as a policy matters to it; `policy` is its team's, null where that demands nothing. */
type KeyUnderPolicy = {
  createdAt: Date;
  expiresAt: Date | null;
  policy: PolicyInForce | null;
};

/**
 * The policy that a key is held to, if any. What the console makes keeps to the policy; this is for keys that came about
 * otherwise: by SQL, by an older console. A key that was there before the policy was last changed keeps what it was
 * given: breaking a new policy is a thing to list, and nothing to stop working without a word.
 */
export function policyOver(key: Pick<KeyUnderPolicy, "createdAt" | "policy">): PolicyInForce | null {
  return key.policy !== null && key.createdAt > key.policy.changedAt ? key.policy : null;
}

const DAY_MS = 86_400_000;
/** Beyond this there are no dates (ECMA-262, 21.4.1.1). */
const END_OF_TIME_MS = 8.64e15;

/**
 * When a key ends: at its own expiry, or where its team's policy ends it earlier. One that may not live for ever and
 * doesn't say until when ends with the longest lifetime, and where there is no such thing, at once.
 */
export function effectiveExpiry(key: KeyUnderPolicy): Date | null {
  const policy = policyOver(key);
  const { expiresAt } = key;
  if (!policy) return expiresAt;
  if (policy.maxLifetimeDays === null) return expiresAt ?? (policy.mayNeverExpire ? null : key.createdAt);
  const latestMs = key.createdAt.getTime() + policy.maxLifetimeDays * DAY_MS + LIFETIME_TOLERANCE_MS;
  const latest = new Date(Math.min(latestMs, END_OF_TIME_MS));
  return expiresAt && expiresAt < latest ? expiresAt : latest;
}
