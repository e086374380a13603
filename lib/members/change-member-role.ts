import "server-only";
import type { Actor } from "@/lib/auth/actor";
import { changeMember, memberTarget } from "@/lib/members/change-member";
import { readGrantableRole } from "@/lib/members/grantable-role";
import type { ChangeMemberRoleInput } from "@/lib/members/schemas";

/**
 * Gives a member another role, effective on their next request. Throws `forbidden` for a role beyond the actor's own.
 */
export function changeMemberRole(actor: Actor, { id, roleId }: ChangeMemberRoleInput): Promise<null> {
  return changeMember(actor, id, async (tx, { self, target }) => {
    const role = await readGrantableRole(tx, actor.teamId, self.role, roleId);
    if (role.id === target.role.id) return { result: null, events: [] };
    await tx.member.update({ where: { id: target.id }, data: { roleId: role.id } });
    const details = { from: target.role.name, to: role.name };
    return { result: null, events: [{ action: "member.role_changed", target: memberTarget(target), details }] };
  });
}
