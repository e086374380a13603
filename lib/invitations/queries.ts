import "server-only";
import type { Actor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { databaseNow, db } from "@/lib/database/db";
import { codeHashOf } from "@/lib/invitations/code";
import type { InvitationDto } from "@/lib/invitations/dto";
import { invitationSelect, isUsable } from "@/lib/invitations/invitation-row";
import { EXPIRED_LISTED_DAYS, MAX_EXPIRED_LISTED, MAX_OPEN_INVITATIONS } from "@/lib/invitations/limits";
import { coversRole } from "@/lib/members/covers-role";
import { readOwnRole } from "@/lib/members/grantable-role";

/**
 * The team's open invitations, newest link first, followed by recently expired ones worth renewing: those whose invitee
 * hasn't joined or been invited again.
 */
export async function listInvitations(actor: Actor): Promise<InvitationDto[]> {
  authorize(actor, "team.manage_members");
  const { now } = actor;
  const from = new Date(now.getTime() - EXPIRED_LISTED_DAYS * DAY_MS);
  const [own, invitations] = await Promise.all([
    readOwnRole(actor),
    db.invitation.findMany({
      where: { teamId: actor.teamId, acceptedAt: null, withdrawnAt: null, expiresAt: { gt: from } },
      orderBy: [{ expiresAt: "desc" }, { id: "desc" }],
      take: MAX_OPEN_INVITATIONS + MAX_EXPIRED_LISTED,
      select: invitationSelect,
    }),
  ]);
  const isExpired = ({ expiresAt }: { expiresAt: Date }) => expiresAt <= now;
  const isSettled = await settledAddresses(
    actor,
    invitations.filter((invitation) => !isExpired(invitation)),
    invitations.filter(isExpired),
  );
  return invitations
    .filter((invitation) => !isExpired(invitation) || !isSettled.has(invitation.email))
    .map((invitation) => ({
      id: invitation.id,
      email: invitation.email,
      roleName: invitation.role.name,
      invitedBy: invitation.invitedBy.user.name,
      createdAt: invitation.createdAt.toISOString(),
      expiresAt: invitation.expiresAt.toISOString(),
      isExpired: isExpired(invitation),
      isUsable: isUsable(invitation, now),
      isChangeable: coversRole(own, invitation.role),
    }));
}

type Addressed = { email: string | null };

/** Email addresses of open invitations and members, which need no renewal. */
async function settledAddresses({ teamId }: Actor, open: Addressed[], expired: Addressed[]): Promise<Set<unknown>> {
  const emails = ({ email }: Addressed) => (email === null ? [] : [email]);
  const members = await db.member.findMany({
    where: { teamId, removedAt: null, user: { email: { in: expired.flatMap(emails) } } },
    select: { user: { select: { email: true } } },
  });
  return new Set([...open.flatMap(emails), ...members.map(({ user }) => user.email)]);
}

const DAY_MS = 86_400_000;

/** What the holder of a code sees before accepting. */
export type OpenInvitation = {
  team: { slug: string; name: string };
  roleName: string;
  invitedBy: string;
  email: string | null;
  /** Whether the invited address has an account; then its owner signs in instead of choosing a password. */
  hasAccount: boolean;
};

/** The invitation of a usable code; null if the code is wrong, used, expired or withdrawn. */
export async function findInvitation(code: unknown): Promise<OpenInvitation | null> {
  const codeHash = codeHashOf(code);
  const invitation = codeHash && (await db.invitation.findUnique({ where: { codeHash }, select: invitationSelect }));
  if (!invitation || !isUsable(invitation, await databaseNow())) return null;
  const { email, team, role, invitedBy } = invitation;
  const hasAccount = email !== null && (await db.user.count({ where: { email } })) > 0;
  return { team, roleName: role.name, invitedBy: invitedBy.user.name, email, hasAccount };
}
