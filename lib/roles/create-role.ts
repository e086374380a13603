import "server-only";
import { recordAudit } from "@/lib/audit/record";
import type { Actor } from "@/lib/auth/actor";
import { authorize, permissionsOf } from "@/lib/auth/permissions";
import { inTransaction, type Transaction } from "@/lib/database/db";
import { AppError, notFound } from "@/lib/errors";
import { lockMember } from "@/lib/members/lock-member";
import { requireFreeName } from "@/lib/roles/require-free-name";
import { refuseEscalation } from "@/lib/roles/role-obstacle";
import type { CreateRoleInput } from "@/lib/roles/schemas";
import { lockTeamGovernance } from "@/lib/teams/lock-team";

/** The list of roles isn't paged. */
export const MAX_ROLES = 100;

/** Creates a role without permissions or with another role's current ones. Throws `conflict` if the name is taken. */
export async function createRole(actor: Actor, { name, copyOf }: CreateRoleInput): Promise<{ id: string }> {
  const { teamId } = actor;
  authorize(actor, "team.manage_roles");
  return inTransaction(async (tx) => {
    await lockTeamGovernance(tx, teamId);
    const own = await lockMember(tx, actor, "team.manage_roles");
    await requireFreeName(tx, teamId, name);
    await refuseTooMany(tx, teamId);
    const source = copyOf === null ? null : await findSource(tx, teamId, copyOf);
    const permissions = source ? [...permissionsOf(source)] : [];
    refuseEscalation(permissions, own);
    const role = await tx.role.create({ data: { teamId, name, permissions }, select: { id: true } });
    await recordAudit(tx, {
      teamId,
      action: "role.created",
      actor,
      target: { type: "role", id: role.id, label: name },
      details: source ? { copied_from: source.name, permissions } : { permissions },
    });
    return role;
  });
}

async function findSource(tx: Transaction, teamId: string, id: string) {
  const role = await tx.role.findFirst({
    where: { id, teamId },
    select: { name: true, grantsAll: true, permissions: true },
  });
  if (!role) throw notFound("role");
  return role;
}

async function refuseTooMany(tx: Transaction, teamId: string): Promise<void> {
  if ((await tx.role.count({ where: { teamId } })) < MAX_ROLES) return;
  throw new AppError(
    "limit_reached",
    `Your team has reached its limit of ${MAX_ROLES} roles. Delete one and try again.`,
  );
}
