import "server-only";
import type { Actor } from "@/lib/auth/actor";
import type { Transaction } from "@/lib/database/db";
import { invitationTarget, withdrawnDetails } from "@/lib/invitations/terms";
import { changeMember, memberTarget, refuseSelf } from "@/lib/members/change-member";
import { handOverKeys, type NewTeamToken, type SettledKey } from "@/lib/members/hand-over-keys";
import type { RemoveMemberInput } from "@/lib/members/schemas";
import { openInvitations } from "@/lib/roles/open-invitations";

/** The outcome for the member's keys; new tokens exist only in this result. */
export type RemovedMember = {
  name: string;
  revoked: number;
  handedOver: number;
  keys: SettledKey[];
  tokens: NewTeamToken[];
};

/**
 * Removes a member permanently. Each of their active personal keys is revoked or converted to a team key, as chosen,
 * and their open invitations are withdrawn, in one transaction. Throws `conflict` if they have keys that weren't shown,
 * and `forbidden` if keys are converted without the permission to manage team keys.
 */
export function removeMember(actor: Actor, input: RemoveMemberInput): Promise<RemovedMember> {
  return changeMember(actor, input.id, async (tx, { self, target, now }) => {
    refuseSelf(self, target, "remove");
    const { teamId } = actor;
    const { events, ...keys } = await handOverKeys(tx, { teamId, self, target, now }, input);
    await tx.member.update({ where: { id: target.id }, data: { removedAt: now } });
    // Otherwise their links would work again if they joined again.
    await tx.calendarFeed.deleteMany({ where: { memberId: target.id } });
    const withdrawn = await withdrawInvitationsOf(tx, teamId, target.id, now);
    const details = {
      role: target.role.name,
      keys_revoked: keys.revoked,
      keys_handed_over: keys.handedOver,
      ...(withdrawn.length > 0 && { invitations_withdrawn: withdrawn.length }),
    };
    const removed = { action: "member.removed" as const, target: memberTarget(target), details };
    return { result: { name: target.user.name, ...keys }, events: [...events, ...withdrawn, removed] };
  });
}

async function withdrawInvitationsOf(tx: Transaction, teamId: string, memberId: string, now: Date) {
  const where = { teamId, invitedById: memberId, ...openInvitations(now) };
  const select = { id: true, email: true, role: { select: { name: true } } } as const;
  const invitations = await tx.invitation.findMany({ where, orderBy: { id: "asc" }, select });
  await tx.invitation.updateMany({ where, data: { withdrawnAt: now } });
  return invitations.map((invitation) => ({
    action: "invitation.withdrawn" as const,
    target: invitationTarget(invitation),
    details: withdrawnDetails(invitation.role, "inviter removed"),
  }));
}
