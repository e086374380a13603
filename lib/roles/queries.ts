import "server-only";
import type { Actor } from "@/lib/auth/actor";
import { authorize, permissionsOf } from "@/lib/auth/permissions";
import { db } from "@/lib/database/db";
import { openInvitations } from "@/lib/roles/open-invitations";
import { roleObstacle } from "@/lib/roles/role-obstacle";

/** A role as screens see it. */
export type RoleDto = {
  id: string;
  name: string;
  grantsAll: boolean;
  /** What it grants now, in the order in which permissions are shown. */
  permissions: string[];
  /** Who has it, disabled members included. */
  members: number;
  invitations: number;
  /** Whether the actor has it. */
  isOwn: boolean;
  /** Why the actor can't change it; null when they can. */
  obstacle: string | null;
};

/** The team's roles: the one that includes everything first, the others by name. */
export async function listRoles(actor: Actor): Promise<RoleDto[]> {
  authorize(actor, "team.manage_roles");
  const rows = await db.role.findMany({
    where: { teamId: actor.teamId },
    orderBy: [{ grantsAll: "desc" }, { name: "asc" }],
    select: selectWithHolders(actor.now),
  });
  return rows.map((row) => roleDto(row, actor));
}

function selectWithHolders(now: Date) {
  return {
    id: true,
    name: true,
    grantsAll: true,
    permissions: true,
    _count: {
      select: { members: { where: { removedAt: null } }, invitations: { where: openInvitations(now) } },
    },
  } as const;
}

type RoleRow = Pick<RoleDto, "id" | "name" | "grantsAll" | "permissions"> & {
  _count: { members: number; invitations: number };
};

function roleDto({ _count, ...row }: RoleRow, actor: Actor): RoleDto {
  const obstacle = roleObstacle(row, actor.permissions)?.message ?? null;
  // A team has no two roles of one name.
  return { ...row, permissions: [...permissionsOf(row)], ..._count, isOwn: row.name === actor.roleName, obstacle };
}
