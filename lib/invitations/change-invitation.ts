import "server-only";
import { recordAudit } from "@/lib/audit/record";
import type { Actor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { consumeRateLimit } from "@/lib/auth/rate-limits";
import { inTransaction, type Transaction } from "@/lib/database/db";
import { AppError, notFound } from "@/lib/errors";
import { checkAddress, checkRoom } from "@/lib/invitations/check-invitable";
import { newCode } from "@/lib/invitations/code";
import type { NewInvitation } from "@/lib/invitations/dto";
import { mailInvitation } from "@/lib/invitations/invitation-mail";
import { invitationSelect } from "@/lib/invitations/invitation-row";
import type { InvitationIdInput } from "@/lib/invitations/schemas";
import { expiryOfInvitation, invitationTarget, invitedDetails, withdrawnDetails } from "@/lib/invitations/terms";
import { coversRole } from "@/lib/members/covers-role";
import { lockActor } from "@/lib/members/lock-actor";

type Invitation = { id: string; teamId: string; email: string | null; expiresAt: Date };
/** A withdrawal, or the hashes of a new link. */
type Change = "withdrawn" | { codeHash: Buffer<ArrayBuffer>; mailedHash: Buffer<ArrayBuffer> };

/** Withdraws an open invitation, so that its link stops working. An expired one is removed from the list. */
export async function withdrawInvitation(actor: Actor, { id }: InvitationIdInput): Promise<null> {
  await changeInvitation(actor, id, "withdrawn");
  return null;
}

/**
 * Gives an invitation a new link for another week and mails it. The old code isn't stored, so it can't be shown again,
 * and stops working. The actor becomes the inviter. An expired invitation is reopened if the limit allows
 * (`limit_reached`) and its address is neither a member nor invited since (`conflict`).
 */
export async function renewInvitation(actor: Actor, { id }: InvitationIdInput): Promise<NewInvitation> {
  authorize(actor, "team.manage_members");
  await consumeRateLimit("invitations", actor.userId);
  const { url, mailedUrl, ...hashes } = newCode();
  const { email, role, team, expiresAt } = await changeInvitation(actor, id, hashes);
  const names = { role: role.name, team: team.name, invitedBy: actor.name };
  const mail = await mailInvitation({ email, url: mailedUrl, expiresAt, ...names });
  return { id, email, url, mail };
}

function changeInvitation(actor: Actor, id: string, change: Change) {
  authorize(actor, "team.manage_members");
  return inTransaction(async (tx, now) => {
    const self = await lockActor(tx, actor, "team.manage_members");
    const { teamId } = actor;
    const invitation = await tx.invitation.findFirst({ where: { id, teamId }, select: invitationSelect });
    if (!invitation) throw notFound("invitation");
    if (!coversRole(self.role, invitation.role)) {
      throw new AppError(
        "forbidden",
        `The role ${invitation.role.name} grants more than yours, so you can't assign it.`,
      );
    }
    if (invitation.acceptedAt || invitation.withdrawnAt) {
      throw new AppError("conflict", `This invitation is already ${invitation.acceptedAt ? "accepted" : "withdrawn"}.`);
    }
    const isRenewal = change !== "withdrawn";
    const expiresAt = isRenewal ? expiryOfInvitation(now) : invitation.expiresAt;
    if (isRenewal) await checkRenewal(tx, invitation, now);
    const data = isRenewal ? { ...change, expiresAt, invitedById: self.id } : { withdrawnAt: now };
    await tx.invitation.update({ where: { id }, data });
    await recordAudit(tx, {
      teamId,
      action: isRenewal ? "member.invited" : "invitation.withdrawn",
      actor,
      target: invitationTarget(invitation),
      details: isRenewal ? invitedDetails(invitation.role, expiresAt, true) : withdrawnDetails(invitation.role),
    });
    return { ...invitation, expiresAt };
  });
}

async function checkRenewal(tx: Transaction, invitation: Invitation, now: Date): Promise<void> {
  const { id, teamId, email, expiresAt } = invitation;
  if (expiresAt <= now) await checkRoom(tx, teamId, now);
  if (email !== null) await checkAddress(tx, teamId, { id, email }, now);
}
