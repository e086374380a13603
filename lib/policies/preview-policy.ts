import "server-only";
import type { Actor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { type BreakingKeys, countMembersBeyond, findBreakingKeys } from "@/lib/policies/breaking-keys";
import { checkPolicy } from "@/lib/policies/check-policy";
import type { PolicyInput } from "@/lib/policies/schemas";

/** Keys shown by name; the rest is a number. */
export const BREAKING_KEYS_SHOWN = 50;

/** `membersBeyond` have more active keys than they could make under the policy; they keep them all. */
export type PolicyPreview = BreakingKeys & { membersBeyond: number };

/** What existing keys would break a policy if it were saved now. Throws `invalid` where it couldn't be. */
export async function previewPolicy(actor: Actor, policy: PolicyInput): Promise<PolicyPreview> {
  authorize(actor, "team.manage_policies");
  checkPolicy(policy);
  const [breaking, membersBeyond] = await Promise.all([
    findBreakingKeys(actor.teamId, policy, BREAKING_KEYS_SHOWN),
    countMembersBeyond(actor.teamId, policy.maxActiveKeys),
  ]);
  return { ...breaking, membersBeyond };
}
