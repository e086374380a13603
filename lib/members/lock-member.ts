import "server-only";
import type { Actor } from "@/lib/auth/actor";
import { authorize, permissionsOf } from "@/lib/auth/permissions";
import type { Transaction } from "@/lib/database/db";
import { AppError } from "@/lib/errors";
import { lockMembers } from "@/lib/members/lock-members";
import type { ConsolePermission } from "@/lib/permissions/console-permissions";

type LockedMember = { grants_all: boolean; permissions: string[] };

/**
 * Locks the acting member's row and reads their current role, so that a change can't race with a demotion or removal,
 * and changes by one member (a quota) are serialized. Returns the member's current permissions; throws `forbidden` if
 * they have none of the required ones.
 */
export async function lockMember(
  tx: Transaction,
  actor: Actor,
  ...anyOf: ConsolePermission[]
): Promise<ReadonlySet<string>> {
  await lockMembers(tx, actor.teamId, actor.memberId);
  const [member] = await tx.$queryRaw<LockedMember[]>`
    select r.grants_all, r.permissions
    from members m
      join roles r on r.id = m.role_id
      join users u on u.id = m.user_id
    where m.id = ${actor.memberId}::uuid and m.team_id = ${actor.teamId}::uuid
      and m.removed_at is null and m.disabled_at is null and u.disabled_at is null`;
  if (!member) throw new AppError("forbidden", "You are no longer a member of this team.");
  const permissions = permissionsOf({ grantsAll: member.grants_all, permissions: member.permissions });
  authorize({ permissions }, ...anyOf);
  return permissions;
}
