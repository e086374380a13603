import "server-only";
import type { Actor } from "@/lib/auth/actor";
import { authorize, permissionsOf } from "@/lib/auth/permissions";
import { db } from "@/lib/database/db";
import { notFound } from "@/lib/errors";
import { CONSOLE_PERMISSIONS } from "@/lib/permissions/console-permissions";
import { countKeysByScope } from "@/lib/roles/count-keys-by-scope";
import type { AffectedPermission, RoleChangePreview } from "@/lib/roles/describe-change";
import { permissionDifference, refuseUnknown } from "@/lib/roles/permission-difference";
import type { PreviewRoleChangeInput } from "@/lib/roles/schemas";

/** What a role's members and their active keys would gain and lose with these permissions. */
export async function previewRoleChange(actor: Actor, input: PreviewRoleChangeInput): Promise<RoleChangePreview> {
  const { teamId } = actor;
  authorize(actor, "team.manage_roles");
  refuseUnknown(input.permissions);
  const role = await db.role.findFirst({
    where: { id: input.roleId, teamId },
    select: { id: true, grantsAll: true, permissions: true },
  });
  if (!role) throw notFound("role");
  const { added, removed } = permissionDifference(permissionsOf(role), new Set(input.permissions));
  const [members, keys] = await Promise.all([
    db.member.count({ where: { teamId, roleId: role.id, removedAt: null } }),
    countKeysByScope(teamId, { roleId: role.id }, [...added, ...removed]),
  ]);
  const affected = (name: string): AffectedPermission => ({
    name,
    keys: Object.hasOwn(CONSOLE_PERMISSIONS, name) ? null : (keys.get(name) ?? 0),
  });
  return { members, lost: removed.map(affected), gained: added.map(affected) };
}
