import "server-only";
import type { Actor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { db } from "@/lib/database/db";
import { type BreakingKeys, findBreakingKeys } from "@/lib/policies/breaking-keys";
import { readPolicy } from "@/lib/policies/team-policy";

/** The number of the team's active keys that break its policy, and the newest `limit` of them. */
export async function listKeysThatBreakPolicy(actor: Actor, { limit }: { limit: number }): Promise<BreakingKeys> {
  authorize(actor, "team.manage_policies", "team.manage_keys");
  return findBreakingKeys(actor.teamId, await readPolicy(db, actor.teamId), limit);
}
