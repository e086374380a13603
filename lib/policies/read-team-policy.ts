import "server-only";
import type { Actor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { db } from "@/lib/database/db";
import { apiPermissions } from "@/lib/permissions/catalogue";
import type { PolicyInput } from "@/lib/policies/schemas";
import { readPolicy } from "@/lib/policies/team-policy";

/** The policy as its form is filled, and when it was saved; null where the team has the defaults. */
export async function readTeamPolicy(actor: Actor): Promise<{ policy: PolicyInput; changedAt: string | null }> {
  authorize(actor, "team.manage_policies");
  const { teamId } = actor;
  const [policy, row] = await db.$transaction((tx) =>
    Promise.all([readPolicy(tx, teamId), tx.teamPolicy.findUnique({ where: { teamId }, select: { changedAt: true } })]),
  );
  // Scopes that the catalogue no longer knows have no box to untick.
  const memberScopes = policy.memberScopes && apiPermissions().filter((scope) => policy.memberScopes?.includes(scope));
  return { policy: { ...policy, memberScopes }, changedAt: row?.changedAt.toISOString() ?? null };
}
