import "server-only";
import { permissionsOf } from "@/lib/auth/permissions";
import { coversRole } from "@/lib/members/covers-role";

const roleSelect = { id: true, name: true, grantsAll: true, permissions: true } as const;

/** What tells whether an invitation counts. The hash of its code is not among it. */
export const invitationSelect = {
  id: true,
  teamId: true,
  email: true,
  createdAt: true,
  expiresAt: true,
  acceptedAt: true,
  withdrawnAt: true,
  role: { select: roleSelect },
  team: { select: { slug: true, name: true } },
  invitedBy: {
    select: {
      removedAt: true,
      disabledAt: true,
      role: { select: roleSelect },
      user: { select: { name: true, disabledAt: true } },
    },
  },
} as const;

type Grants = { grantsAll: boolean; permissions: string[] };

export type InvitationRow = {
  expiresAt: Date;
  acceptedAt: Date | null;
  withdrawnAt: Date | null;
  role: Grants;
  invitedBy: {
    removedAt: Date | null;
    disabledAt: Date | null;
    role: Grants;
    user: { disabledAt: Date | null };
  };
};

/** Whether somebody can join by it now. */
export function isUsable(invitation: InvitationRow, now: Date): boolean {
  const { expiresAt, acceptedAt, withdrawnAt } = invitation;
  return !acceptedAt && !withdrawnAt && expiresAt > now && mayStillInvite(invitation);
}

/**
 * Whether whoever invited could do so today. A link made in time would otherwise bring a manager back who was removed
 * or demoted, or a friend of theirs in.
 */
function mayStillInvite({ role, invitedBy }: InvitationRow): boolean {
  if (invitedBy.removedAt || invitedBy.disabledAt || invitedBy.user.disabledAt) return false;
  return permissionsOf(invitedBy.role).has("team.manage_members") && coversRole(invitedBy.role, role);
}
