import "server-only";
import { recordAudit } from "@/lib/audit/record";
import type { Actor } from "@/lib/auth/actor";
import { authorize, permissionsOf } from "@/lib/auth/permissions";
import { inTransaction, type Transaction } from "@/lib/database/db";
import { AppError } from "@/lib/errors";
import type { ConsolePermission } from "@/lib/permissions/console-permissions";
import { lockRole } from "@/lib/roles/lock-role";
import { type PermissionDifference, permissionDifference, refuseUnknown } from "@/lib/roles/permission-difference";
import { refuseEscalation } from "@/lib/roles/role-obstacle";
import type { ChangeRoleInput } from "@/lib/roles/schemas";

const MANAGE_ROLES: ConsolePermission = "team.manage_roles";

/**
 * Replaces a role's permissions, effective on the next request of its members and their keys. Throws `conflict` if the
 * role was changed since the form was loaded, and `forbidden` for a permission that the actor doesn't have.
 */
export async function changeRole(actor: Actor, input: ChangeRoleInput): Promise<PermissionDifference> {
  const { teamId } = actor;
  authorize(actor, MANAGE_ROLES);
  refuseUnknown(input.permissions);
  return inTransaction(async (tx) => {
    const { role, own } = await lockRole(tx, actor, input.roleId);
    const [current, wanted] = [permissionsOf(role), new Set(input.permissions)];
    refuseOutdated(current, new Set(input.before));
    refuseEscalation(wanted, own);
    const difference = permissionDifference(current, wanted);
    if (difference.added.length + difference.removed.length === 0) return difference;

    await tx.role.update({ where: { id: role.id }, data: { permissions: input.permissions } });
    if (difference.removed.includes(MANAGE_ROLES)) await requireManagerLeft(tx, teamId);
    await recordAudit(tx, {
      teamId,
      action: "role.changed",
      actor,
      target: { type: "role", id: role.id, label: role.name },
      details: {
        ...(difference.added.length > 0 && { added: difference.added }),
        ...(difference.removed.length > 0 && { removed: difference.removed }),
        members: await tx.member.count({ where: { teamId, roleId: role.id, removedAt: null } }),
      },
    });
    return difference;
  });
}

function refuseOutdated(current: ReadonlySet<string>, before: ReadonlySet<string>): void {
  if (current.size === before.size && [...current].every((name) => before.has(name))) return;
  throw new AppError(
    "conflict",
    "Someone else changed this role while you were editing. Your changes aren't saved yet.",
  );
}

/** Checked after the change, which is rolled back if nobody is left. */
async function requireManagerLeft(tx: Transaction, teamId: string): Promise<void> {
  const manager = await tx.member.findFirst({
    where: {
      teamId,
      removedAt: null,
      disabledAt: null,
      user: { disabledAt: null },
      role: { OR: [{ grantsAll: true }, { permissions: { has: MANAGE_ROLES } }] },
    },
    select: { id: true },
  });
  if (manager) return;
  const message = "This would leave nobody who can manage roles. Give another member such a role first.";
  throw new AppError("conflict", message, { permissions: message });
}
