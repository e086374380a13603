import "server-only";
import type { Actor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { type BreakingKeys, countMembersOverLimit, findBreakingKeys } from "@/lib/policies/breaking-keys";
import { checkPolicy } from "@/lib/policies/check-policy";
import type { PolicyInput } from "@/lib/policies/schemas";

/** Keys listed by name; the rest is only counted. */
export const BREAKING_KEYS_SHOWN = 50;

/** `membersBeyond`: members with more active keys than the policy allows; they retain them. */
export type PolicyPreview = BreakingKeys & { membersBeyond: number };

/** Which existing keys would break a policy if it were saved now. Throws `invalid` if it can't be saved. */
export async function previewPolicy(actor: Actor, policy: PolicyInput): Promise<PolicyPreview> {
  authorize(actor, "team.manage_policies");
  checkPolicy(policy);
  const [breaking, membersBeyond] = await Promise.all([
    findBreakingKeys(actor.teamId, policy, BREAKING_KEYS_SHOWN),
    countMembersOverLimit(actor.teamId, policy.maxActiveKeys),
  ]);
  return { ...breaking, membersBeyond };
}
