import "server-only";
import type { KeyPerson } from "@/lib/api-keys/dto";
import { MANAGE_KEYS } from "@/lib/api-keys/kinds";
import type { Actor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { db, type Transaction } from "@/lib/database/db";
import { AppError } from "@/lib/errors";
import { lockMembers } from "@/lib/members/lock-members";

/** Who counts as a member of the team now. */
const whereActive = (teamId: string) => ({ teamId, removedAt: null, disabledAt: null, user: { disabledAt: null } });

/**
 * Locks the acting member and those whom a change depends on, in the order of their ids, as every change does. The
 * acting member alone is left to {@link lockMember}, which comes next.
 */
export async function lockPeople(tx: Transaction, actor: Actor, ...others: string[]): Promise<void> {
  const memberIds = new Set([actor.memberId, ...others]);
  if (memberIds.size > 1) await lockMembers(tx, actor.teamId, ...memberIds);
}

/** That a member can be responsible for a key of this team; their row is locked. Throws `invalid` at its field. */
export async function checkResponsible(tx: Transaction, teamId: string, memberId: string): Promise<KeyPerson> {
  const member = await findActive(tx, teamId, memberId);
  if (member) return member;
  const message = "This is no active member of the team. Choose somebody else.";
  throw new AppError("invalid", message, { responsibleMemberId: message });
}

/** The same member when they are still there, else whoever acts. */
export async function responsibleOr(tx: Transaction, actor: Actor, memberId: string | null): Promise<KeyPerson> {
  const member = memberId && (await findActive(tx, actor.teamId, memberId));
  return member || { id: actor.memberId, name: actor.name };
}

/** Everybody who can be responsible for a key of the actor's team, by name. */
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
