import "server-only";
import type { AuditEvent } from "@/lib/audit/record";
import { recordAudit } from "@/lib/audit/record";
import type { Actor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { inTransaction, type Transaction } from "@/lib/database/db";
import { AppError } from "@/lib/errors";
import { isAddressConfirmed, markedAddress } from "@/lib/members/confirmed-address";
import { coversRole } from "@/lib/members/covers-role";
import { isActive, type LockedMember, lockActorAndMember } from "@/lib/members/lock-actor";
import { lockTeamGovernance } from "@/lib/teams/lock-team";

/** `now` is the database's time. */
type People = { self: LockedMember; target: LockedMember; now: Date };
type Changed<Result> = { result: Result; events: Omit<AuditEvent, "teamId" | "actor">[] };

/**
 * The common part of all changes to a member: locks the actor and the member, runs `change`, and writes its audit
 * entries. A member whose role grants more than the actor's is `forbidden`; a change that would leave the team without
 * an active Admin is a `conflict`.
 */
export async function changeMember<Result>(
  actor: Actor,
  id: string,
  change: (tx: Transaction, people: People) => Promise<Changed<Result>>,
): Promise<Result> {
  authorize(actor, "team.manage_members");
  return inTransaction(async (tx) => {
    const now = await lockTeamGovernance(tx, actor.teamId);
    const people = await lockActorAndMember(tx, actor, id, "team.manage_members");
    const { self, target } = people;
    if (!coversRole(self.role, target.role)) {
      throw new AppError("forbidden", `${target.user.name}'s role grants more than yours, so you can't change it.`);
    }
    const { result, events } = await change(tx, { ...people, now });
    if (target.role.grantsAll && isActive(target)) await requireAdminLeft(tx, actor.teamId);
    await recordAudit(tx, ...events.map((event) => ({ ...event, teamId: actor.teamId, actor })));
    return result;
  });
}

/** Counted after the change, under the team's lock: if two Admins demote each other, one remains. */
async function requireAdminLeft(tx: Transaction, teamId: string): Promise<void> {
  const admins = await tx.member.count({
    where: { teamId, removedAt: null, disabledAt: null, user: { disabledAt: null }, role: { grantsAll: true } },
  });
  if (admins > 0) return;
  throw new AppError("conflict", "A team needs at least one active Admin. Give someone else the Admin role first.");
}

/** A member as an audit target. */
export function memberTarget(member: LockedMember): AuditEvent["target"] {
  const { id, user } = member;
  const address = markedAddress(user.email, isAddressConfirmed(user, member));
  return { type: "member", id, label: `${user.name} (${address})` };
}

/** Leaving requires another person to take over. */
export function refuseSelf(self: LockedMember, target: LockedMember, verb: "disable" | "remove"): void {
  if (self.id !== target.id) return;
  throw new AppError("conflict", `You can't ${verb} yourself. Ask another admin.`);
}
