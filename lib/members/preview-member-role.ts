import "server-only";
import type { Actor } from "@/lib/auth/actor";
import { authorize, permissionsOf } from "@/lib/auth/permissions";
import { db } from "@/lib/database/db";
import { notFound } from "@/lib/errors";
import { readGrantableRole, readOwnRole } from "@/lib/members/grantable-role";
import type { ChangeMemberRoleInput } from "@/lib/members/schemas";
import { CONSOLE_PERMISSIONS } from "@/lib/permissions/console-permissions";
import { countKeysByScope, countKeysWithAny } from "@/lib/roles/count-keys-by-scope";
import type { AffectedPermission, RoleChangePreview } from "@/lib/roles/describe-change";
import { permissionDifference } from "@/lib/roles/permission-difference";

/** `keysLosing`: the member's active keys that lose at least one scope. */
export type MemberRolePreview = RoleChangePreview & { keysLosing: number };

/** What a member and their active personal keys would gain and lose with another role. */
export async function previewMemberRole(
  actor: Actor,
  { id, roleId }: ChangeMemberRoleInput,
): Promise<MemberRolePreview> {
  const { teamId } = actor;
  authorize(actor, "team.manage_members");
  const [member, role] = await Promise.all([
    db.member.findFirst({
      where: { id, teamId, removedAt: null },
      select: { role: { select: { grantsAll: true, permissions: true } } },
    }),
    readOwnRole(actor).then((own) => readGrantableRole(db, teamId, own, roleId)),
  ]);
  if (!member) throw notFound("member");
  const { added, removed } = permissionDifference(permissionsOf(member.role), permissionsOf(role));
  const holders = { memberId: id };
  const [keys, keysLosing] = await Promise.all([
    countKeysByScope(teamId, holders, [...added, ...removed]),
    countKeysWithAny(teamId, holders, removed),
  ]);
  const affected = (name: string): AffectedPermission => ({
    name,
    keys: Object.hasOwn(CONSOLE_PERMISSIONS, name) ? null : (keys.get(name) ?? 0),
  });
  return { members: 1, lost: removed.map(affected), gained: added.map(affected), keysLosing };
}
