import "server-only";
import type { Actor } from "@/lib/auth/actor";
import { authorize, permissionsOf } from "@/lib/auth/permissions";
import type { Transaction } from "@/lib/database/db";
import { AppError, notFound } from "@/lib/errors";
import { lockMembers } from "@/lib/members/lock-members";
import type { ConsolePermission } from "@/lib/permissions/console-permissions";
import { lockTeamGovernance } from "@/lib/teams/lock-team";

const select = {
  id: true,
  userId: true,
  disabledAt: true,
  removedAt: true,
  confirmedEmail: true,
  role: { select: { id: true, name: true, grantsAll: true, permissions: true } },
  user: { select: { name: true, email: true, confirmedEmail: true, disabledAt: true } },
} as const;

/** A member's current state, locked until the transaction ends. */
export type LockedMember = Awaited<ReturnType<typeof readMembers>>[number];

/**
 * For governance changes: serializes them, locks the acting member, and reads their current state. Throws `forbidden`
 * if they no longer have any of the permissions.
 */
export async function lockActor(tx: Transaction, actor: Actor, ...anyOf: ConsolePermission[]): Promise<LockedMember> {
  const [self] = await lockBoth(tx, actor, actor.memberId, anyOf);
  return self;
}

/** The same, together with the member to change; another team's member or a removed one is `not_found`. */
export async function lockActorAndMember(
  tx: Transaction,
  actor: Actor,
  memberId: string,
  ...anyOf: ConsolePermission[]
): Promise<{ self: LockedMember; target: LockedMember }> {
  const [self, target] = await lockBoth(tx, actor, memberId, anyOf);
  if (!target || target.removedAt) throw notFound("member");
  return { self, target };
}

async function lockBoth(
  tx: Transaction,
  actor: Actor,
  memberId: string,
  anyOf: ConsolePermission[],
): Promise<[self: LockedMember, target: LockedMember | undefined]> {
  const { teamId } = actor;
  await lockTeamGovernance(tx, teamId);
  await lockMembers(tx, teamId, actor.memberId, memberId);
  const members = await readMembers(tx, teamId, [actor.memberId, memberId]);
  const self = members.find(({ id }) => id === actor.memberId);
  if (!self || !isActive(self)) throw new AppError("forbidden", "You are no longer a member of this team.");
  authorize({ permissions: permissionsOf(self.role) }, ...anyOf);
  return [self, members.find(({ id }) => id === memberId)];
}

function readMembers(tx: Transaction, teamId: string, ids: string[]) {
  return tx.member.findMany({ where: { teamId, id: { in: ids } }, select });
}

/** Whether a member is active: neither removed nor disabled, in the team or as a user. */
export function isActive({ removedAt, disabledAt, user }: LockedMember): boolean {
  return !removedAt && !disabledAt && !user.disabledAt;
}
