"use server";

import { runTeamAction } from "@/lib/actions";
import { previewPolicy } from "@/lib/policies/preview-policy";
import { savePolicy } from "@/lib/policies/save-policy";
import { policySchema, savePolicySchema } from "@/lib/policies/schemas";

/** Changes nothing: which keys a policy would break, for the confirmation. */
export async function previewPolicyAction(team: string, input: unknown) {
  return runTeamAction(team, policySchema, input, previewPolicy);
}

export async function savePolicyAction(team: string, input: unknown) {
  return runTeamAction(team, savePolicySchema, input, savePolicy);
}
