import "server-only";
import { Prisma } from "@/generated/prisma/client";
import { recordAudit } from "@/lib/audit/record";
import type { Actor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { inTransaction, type Transaction } from "@/lib/database/db";
import { lockRows } from "@/lib/database/locks";
import { AppError } from "@/lib/errors";
import { counted } from "@/lib/roles/counted";
import { lockRole } from "@/lib/roles/lock-role";
import { openInvitations } from "@/lib/roles/open-invitations";
import type { RoleIdInput } from "@/lib/roles/schemas";

/** Deletes a role without members and open invitations; otherwise throws `conflict` with their number. */
export async function deleteRole(actor: Actor, { roleId }: RoleIdInput): Promise<void> {
  authorize(actor, "team.manage_roles");
  await inTransaction(async (tx, now) => {
    const { role } = await lockRole(tx, actor, roleId);
    await refuseHeld(tx, actor, roleId, now);
    await moveFormerHolders(tx, actor, roleId);
    await tx.role.delete({ where: { id: role.id } });
    await recordAudit(tx, {
      teamId: actor.teamId,
      action: "role.deleted",
      actor,
      target: { type: "role", id: role.id, label: role.name },
      details: { permissions: role.permissions },
    });
  });
}

/** Disabled members count, because they keep the role. */
async function refuseHeld(tx: Transaction, { teamId }: Actor, roleId: string, now: Date): Promise<void> {
  const members = await tx.member.count({ where: { teamId, roleId, removedAt: null } });
  const invitations = await tx.invitation.count({ where: { teamId, roleId, ...openInvitations(now) } });
  if (members + invitations === 0) return;
  const holders = [
    members > 0 && `${counted(members, "member")} ${members === 1 ? "has" : "have"} this role`,
    invitations > 0 && `${counted(invitations, "open invitation")} ${invitations === 1 ? "has" : "have"} this role`,
  ].filter(Boolean);
  throw new AppError(
    "conflict",
    `${holders.join(", and ")}. Assign another role${invitations > 0 ? " or withdraw the invitation" : ""}, then delete this one.`,
  );
}

/** Removed members and past invitations still reference the role; they get the least of the others. */
async function moveFormerHolders(tx: Transaction, { teamId }: Actor, roleId: string): Promise<void> {
  const others = await tx.role.findMany({
    where: { teamId, id: { not: roleId } },
    select: { id: true, grantsAll: true, permissions: true },
  });
  const weight = (role: (typeof others)[number]) =>
    role.grantsAll ? Number.POSITIVE_INFINITY : role.permissions.length;
  const least = others.reduce((a, b) => (weight(b) < weight(a) ? b : a));
  await lockRows(tx, "members", Prisma.sql`role_id = ${roleId}::uuid and team_id = ${teamId}::uuid`);
  await tx.member.updateMany({ where: { teamId, roleId }, data: { roleId: least.id } });
  await tx.invitation.updateMany({ where: { teamId, roleId }, data: { roleId: least.id } });
}
