import "server-only";
import type { Actor } from "@/lib/auth/actor";
import { authorize, permissionsOf } from "@/lib/auth/permissions";
import { db } from "@/lib/db";
import { notFound } from "@/lib/errors";
import { CONSOLE_PERMISSIONS } from "@/lib/permissions/console-permissions";
import type { AffectedPermission, RoleChangePreview } from "@/lib/roles/describe-change";
import { permissionDifference, refuseUnknown } from "@/lib/roles/permission-difference";
import type { PreviewRoleChangeInput } from "@/lib/roles/schemas";

/** What a role's members and their active keys would gain and lose if it granted these permissions from now on. */
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
    countKeysByScope(teamId, role.id, [...added, ...removed]),
  ]);
  const affected = (name: string): AffectedPermission => ({
    name,
    keys: Object.hasOwn(CONSOLE_PERMISSIONS, name) ? null : (keys.get(name) ?? 0),
  });
  return { members, lost: removed.map(affected), gained: added.map(affected) };
}

/** How many active keys of the role's members have each of these scopes. */
async function countKeysByScope(teamId: string, roleId: string, scopes: string[]): Promise<Map<string, number>> {
  if (scopes.length === 0) return new Map();
  const rows = await db.$queryRaw<{ scope: string; keys: number }[]>`
    select held.scope, count(*)::int as keys
    from members m
      join api_keys k on k.member_id = m.id
      cross join lateral (select distinct unnest(k.scopes) as scope) held
    where m.team_id = ${teamId}::uuid and m.role_id = ${roleId}::uuid and m.removed_at is null
      and k.kind = 'personal' and k.revoked_at is null and (k.expires_at is null or k.expires_at > now())
      and held.scope = any (${scopes}::text[])
    group by held.scope`;
  return new Map(rows.map(({ scope, keys }) => [scope, keys]));
}
