import "server-only";
import { permissionsOf } from "@/lib/auth/permissions";
import { coversRole } from "@/lib/members/covers-role";

const roleSelect = { id: true, name: true, grantsAll: true, permissions: true } as const;

/** The fields that determine whether an invitation is usable. Excludes the hash of its code. */
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

/** Whether it can be accepted now. */
export function isUsable(invitation: InvitationRow, now: Date): boolean {
  const { expiresAt, acceptedAt, withdrawnAt } = invitation;
  return !acceptedAt && !withdrawnAt && expiresAt > now && mayStillInvite(invitation);
}

/**
 * Whether the inviter could still create it. Otherwise, an earlier link could bring back a manager who was removed or
 * demoted, or admit a friend of theirs.
 */
function mayStillInvite({ role, invitedBy }: InvitationRow): boolean {
  if (invitedBy.removedAt || invitedBy.disabledAt || invitedBy.user.disabledAt) return false;
  return permissionsOf(invitedBy.role).has("team.manage_members") && coversRole(invitedBy.role, role);
}
