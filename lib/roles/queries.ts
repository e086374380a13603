import "server-only";
import type { Actor } from "@/lib/auth/actor";
import { authorize, permissionsOf } from "@/lib/auth/permissions";
import { db } from "@/lib/database/db";
import { openInvitations } from "@/lib/roles/open-invitations";
import { roleObstacle } from "@/lib/roles/role-obstacle";

/** A role on screens. */
export type RoleDto = {
  id: string;
  name: string;
  grantsAll: boolean;
  /** Current permissions, in display order. */
  permissions: string[];
  /** Including disabled members. */
  members: number;
  invitations: number;
  /** Whether it is the actor's own role. */
  isOwn: boolean;
  /** Why the actor can't change it; null if they can. */
  obstacle: string | null;
};

/** The team's roles: the one with all permissions first, then by name. */
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
  // Role names are unique within a team.
  return { ...row, permissions: [...permissionsOf(row)], ..._count, isOwn: row.name === actor.roleName, obstacle };
}
