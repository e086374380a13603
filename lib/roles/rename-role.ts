import "server-only";
import { recordAudit } from "@/lib/audit/record";
import type { Actor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { inTransaction } from "@/lib/database/db";
import { lockRole } from "@/lib/roles/lock-role";
import { requireFreeName } from "@/lib/roles/require-free-name";
import type { RenameRoleInput } from "@/lib/roles/schemas";

/** Renames a role; its permissions don't change. */
export async function renameRole(actor: Actor, { roleId, name }: RenameRoleInput): Promise<void> {
  authorize(actor, "team.manage_roles");
  await inTransaction(async (tx) => {
    const { role } = await lockRole(tx, actor, roleId);
    if (role.name === name) return;
    await requireFreeName(tx, actor.teamId, name, role.id);
    await tx.role.update({ where: { id: role.id }, data: { name } });
    await recordAudit(tx, {
      teamId: actor.teamId,
      action: "role.renamed",
      actor,
      target: { type: "role", id: role.id, label: name },
      details: { from: role.name, to: name },
    });
  });
}
