import "server-only";
import { type KeyTerms, policyBreaches, type TeamPolicy } from "@/lib/policies/team-policy";

const DAY_MS = 86_400_000;

/** How an existing key breaks a policy, in a few words for a list; empty if it complies. */
export function describeBreaches(policy: TeamPolicy, key: KeyTerms): string[] {
  const { expiry, allowedIps, scopes } = policyBreaches(policy, key);
  const words: string[] = [];
  if (expiry) words.push(lifetimeInWords(key));
  if (allowedIps) words.push("allows any IP address");
  if (scopes) {
    const beyond = key.scopes.filter((scope) => !policy.memberScopes?.includes(scope));
    words.push(`has ${beyond.join(", ")}`);
  }
  return words;
}

function lifetimeInWords({ createdAt, expiresAt }: KeyTerms): string {
  if (!expiresAt) return "never expires";
  return `has a lifetime of ${Math.round((expiresAt.getTime() - createdAt.getTime()) / DAY_MS)} days`;
}
