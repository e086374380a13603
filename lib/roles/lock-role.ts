import "server-only";
import { Prisma } from "@/generated/prisma/client";
import type { Actor } from "@/lib/auth/actor";
import type { Transaction } from "@/lib/database/db";
import { lockRows } from "@/lib/database/locks";
import { notFound } from "@/lib/errors";
import { lockMember } from "@/lib/members/lock-member";
import { roleObstacle } from "@/lib/roles/role-obstacle";
import { lockTeamGovernance } from "@/lib/teams/lock-team";

export type LockedRole = { id: string; name: string; grantsAll: boolean; permissions: string[] };

/**
 * The first step of every change to a role: takes the team's lock, reads the actor's current state, and locks the
 * role's row. The role can't be assigned until the transaction ends. Also returns the actor's permissions.
 */
export async function lockRole(
  tx: Transaction,
  actor: Actor,
  roleId: string,
): Promise<{ role: LockedRole; own: ReadonlySet<string> }> {
  const { teamId } = actor;
  await lockTeamGovernance(tx, teamId);
  const own = await lockMember(tx, actor, "team.manage_roles");
  await lockRows(tx, "roles", Prisma.sql`id = ${roleId}::uuid and team_id = ${teamId}::uuid`, "update");
  const role = await tx.role.findFirst({
    where: { id: roleId, teamId },
    select: { id: true, name: true, grantsAll: true, permissions: true },
  });
  if (!role) throw notFound("role");
  const obstacle = roleObstacle(role, own);
  if (obstacle) throw obstacle;
  return { role, own };
}
