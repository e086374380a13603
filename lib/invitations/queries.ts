import "server-only";
import type { Actor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { db } from "@/lib/db";
import { codeHashOf } from "@/lib/invitations/code";
import type { InvitationDto } from "@/lib/invitations/dto";
import { invitationSelect, isUsable } from "@/lib/invitations/invitation-row";
import { MAX_OPEN_INVITATIONS } from "@/lib/invitations/limits";
import { coversRole } from "@/lib/members/covers-role";
import { readOwnRole } from "@/lib/members/grantable-role";
import { openInvitations } from "@/lib/roles/open-invitations";

/** The team's invitations that wait for somebody, newest first. */
export async function listOpenInvitations(actor: Actor): Promise<InvitationDto[]> {
  authorize(actor, "team.manage_members");
  const now = new Date();
  const [own, invitations] = await Promise.all([
    readOwnRole(actor),
    db.invitation.findMany({
      where: { teamId: actor.teamId, ...openInvitations(now) },
      orderBy: [{ createdAt: "desc" }, { id: "desc" }],
      take: MAX_OPEN_INVITATIONS,
      select: invitationSelect,
    }),
  ]);
  return invitations.map((invitation) => ({
    id: invitation.id,
    email: invitation.email,
    roleName: invitation.role.name,
    invitedBy: invitation.invitedBy.user.name,
    createdAt: invitation.createdAt.toISOString(),
    expiresAt: invitation.expiresAt.toISOString(),
    isUsable: isUsable(invitation, now),
    isChangeable: coversRole(own, invitation.role),
  }));
}

/** What whoever holds a code may know before they accept. */
export type OpenInvitation = {
  team: { slug: string; name: string };
  roleName: string;
  invitedBy: string;
  email: string | null;
  /** Whether the address it was sent to has an account: then they sign in instead of choosing a password. */
  hasAccount: boolean;
};

/** The invitation behind a code that can be used now; null for a wrong, used, expired or withdrawn one alike. */
export async function findInvitation(code: unknown): Promise<OpenInvitation | null> {
  const codeHash = codeHashOf(code);
  const invitation = codeHash && (await db.invitation.findUnique({ where: { codeHash }, select: invitationSelect }));
  if (!invitation || !isUsable(invitation, new Date())) return null;
  const { email, team, role, invitedBy } = invitation;
  const hasAccount = email !== null && (await db.user.count({ where: { email } })) > 0;
  return { team, roleName: role.name, invitedBy: invitedBy.user.name, email, hasAccount };
}
