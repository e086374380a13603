import "server-only";
import type { KeyPerson } from "@/lib/api-keys/dto";
import { MANAGE_KEYS } from "@/lib/api-keys/kinds";
import type { Actor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { db, type Transaction } from "@/lib/database/db";
import { AppError } from "@/lib/errors";
import { lockMembers } from "@/lib/members/lock-members";

/** The active members of the team. */
const whereActive = (teamId: string) => ({ teamId, removedAt: null, disabledAt: null, user: { disabledAt: null } });

/**
 * Locks the acting member and the members that a change depends on, in the order of their ids to prevent deadlocks. The
 * acting member alone is locked by {@link lockMember}, which must be called next.
 */
export async function lockPeople(tx: Transaction, actor: Actor, ...others: string[]): Promise<void> {
  const memberIds = new Set([actor.memberId, ...others]);
  if (memberIds.size > 1) await lockMembers(tx, actor.teamId, ...memberIds);
}

/** The member, if they can be responsible for a key of this team; else throws `invalid`. The caller has locked their row. */
export async function checkResponsible(tx: Transaction, teamId: string, memberId: string): Promise<KeyPerson> {
  const member = await findActive(tx, teamId, memberId);
  if (member) return member;
  const message = "This person isn't an active member of the team. Choose someone else.";
  throw new AppError("invalid", message, { responsibleMemberId: message });
}

/** The member if still active, else the actor. */
export async function responsibleOr(tx: Transaction, actor: Actor, memberId: string | null): Promise<KeyPerson> {
  const member = memberId && (await findActive(tx, actor.teamId, memberId));
  return member || { id: actor.memberId, name: actor.name };
}

/** The members who can be responsible for a key of the actor's team, by name. */
export async function listResponsibles(actor: Actor): Promise<KeyPerson[]> {
  authorize(actor, MANAGE_KEYS.team);
  const members = await db.member.findMany({
    where: whereActive(actor.teamId),
    select: { id: true, user: { select: { name: true } } },
    orderBy: [{ user: { name: "asc" } }, { id: "asc" }],
  });
  return members.map(({ id, user }) => ({ id, name: user.name }));
}

async function findActive(tx: Transaction, teamId: string, id: string): Promise<KeyPerson | null> {
  const member = await tx.member.findFirst({
    where: { ...whereActive(teamId), id },
    select: { id: true, user: { select: { name: true } } },
  });
  return member && { id: member.id, name: member.user.name };
}
