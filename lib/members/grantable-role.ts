import "server-only";
import { cache } from "react";
import type { Actor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { db, type Transaction } from "@/lib/database/db";
import { AppError, notFound } from "@/lib/errors";
import { coversRole } from "@/lib/members/covers-role";

const select = { id: true, name: true, grantsAll: true, permissions: true } as const;

export type RoleChoice = { id: string; name: string };

/** The team's roles that the actor can assign: those that grant no more than their own. */
export async function listGrantableRoles(actor: Actor): Promise<RoleChoice[]> {
  authorize(actor, "team.manage_members");
  const [own, roles] = await Promise.all([
    readOwnRole(actor),
    db.role.findMany({ where: { teamId: actor.teamId }, orderBy: [{ createdAt: "asc" }, { name: "asc" }], select }),
  ]);
  return roles.filter((role) => coversRole(own, role)).map(({ id, name }) => ({ id, name }));
}

/** The actor's role for display, read once per page; operations read it again under their lock. */
export const readOwnRole = cache(async ({ memberId, teamId }: Actor) => {
  const { role } = await db.member.findFirstOrThrow({ where: { id: memberId, teamId }, select: { role: { select } } });
  return role;
});

/** The role to assign; another team's is `not_found`, one beyond the actor's own `forbidden`. */
export async function readGrantableRole(
  tx: Transaction,
  teamId: string,
  own: { grantsAll: boolean; permissions: string[] },
  roleId: string,
) {
  const role = await tx.role.findFirst({ where: { id: roleId, teamId }, select });
  if (!role) throw notFound("role");
  if (coversRole(own, role)) return role;
  const message = `The role ${role.name} grants more than yours, so you can't assign it.`;
  throw new AppError("forbidden", message, { roleId: message });
}
