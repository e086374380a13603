import "server-only";
import { recordAudit } from "@/lib/audit/record";
import type { Actor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { consumeRateLimit } from "@/lib/auth/rate-limits";
import { inTransaction } from "@/lib/database/db";
import { checkAddress, checkRoom } from "@/lib/invitations/check-invitable";
import { newCode } from "@/lib/invitations/code";
import type { NewInvitation } from "@/lib/invitations/dto";
import { mailInvitation } from "@/lib/invitations/invitation-mail";
import type { InviteInput } from "@/lib/invitations/schemas";
import { expiryOfInvitation, invitationTarget, invitedDetails } from "@/lib/invitations/terms";
import { readGrantableRole } from "@/lib/members/grantable-role";
import { lockActor } from "@/lib/members/lock-actor";

/**
 * Creates an invitation that works once, for a week, and mails its link if there is an email address and a mail server.
 * Throws `forbidden` for a role beyond the actor's own, and `conflict` for an address that is already a member or
 * invited.
 */
export async function inviteMember(actor: Actor, { email, roleId }: InviteInput): Promise<NewInvitation> {
  authorize(actor, "team.manage_members");
  await consumeRateLimit("invitations", actor.userId);
  const { teamId } = actor;
  const { url, mailedUrl, codeHash, mailedHash } = newCode();
  const invited = await inTransaction(async (tx, now) => {
    const self = await lockActor(tx, actor, "team.manage_members");
    const role = await readGrantableRole(tx, teamId, self.role, roleId);
    await checkRoom(tx, teamId, now);
    if (email !== null) await checkAddress(tx, teamId, { email }, now);
    const created = await tx.invitation.create({
      data: {
        teamId,
        roleId,
        email,
        codeHash,
        mailedHash,
        invitedById: self.id,
        createdAt: now,
        expiresAt: expiryOfInvitation(now),
      },
      select: { id: true, expiresAt: true, team: { select: { name: true } } },
    });
    await recordAudit(tx, {
      teamId,
      action: "member.invited",
      actor,
      target: invitationTarget({ id: created.id, email }),
      details: invitedDetails(role, created.expiresAt),
    });
    return { ...created, role: role.name };
  });
  const { id, expiresAt, role, team } = invited;
  const mail = await mailInvitation({ email, url: mailedUrl, expiresAt, role, team: team.name, invitedBy: actor.name });
  return { id, email, url, mail };
}
