import "server-only";
import type { Actor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { db } from "@/lib/database/db";
import { apiPermissions } from "@/lib/permissions/catalog";
import type { PolicyInput } from "@/lib/policies/schemas";
import { readPolicy } from "@/lib/policies/team-policy";

/** The policy for its form, and when it was saved; null if the team has the defaults. */
export async function readTeamPolicy(actor: Actor): Promise<{ policy: PolicyInput; changedAt: string | null }> {
  authorize(actor, "team.manage_policies");
  const { teamId } = actor;
  const [policy, row] = await db.$transaction((tx) =>
    Promise.all([readPolicy(tx, teamId), tx.teamPolicy.findUnique({ where: { teamId }, select: { changedAt: true } })]),
  );
  // Scopes that the catalog no longer contains have no checkbox.
  const memberScopes = policy.memberScopes && apiPermissions().filter((scope) => policy.memberScopes?.includes(scope));
  return { policy: { ...policy, memberScopes }, changedAt: row?.changedAt.toISOString() ?? null };
}
