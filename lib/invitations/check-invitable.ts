import "server-only";
import type { Transaction } from "@/lib/database/db";
import { AppError } from "@/lib/errors";
import { MAX_OPEN_INVITATIONS } from "@/lib/invitations/limits";
import { openInvitations } from "@/lib/roles/open-invitations";

/** Throws `limit_reached` if the team has the maximum of open invitations. */
export async function checkRoom(tx: Transaction, teamId: string, now: Date): Promise<void> {
  const open = await tx.invitation.count({ where: { teamId, ...openInvitations(now) } });
  if (open < MAX_OPEN_INVITATIONS) return;
  throw new AppError(
    "limit_reached",
    `Your team has reached its limit of ${MAX_OPEN_INVITATIONS} open invitations. Withdraw one and try again.`,
  );
}

type Invitee = { id?: string; email: string };

/** Throws `conflict` if the email address is a member's, or has an invitation other than the one with this `id`. */
export async function checkAddress(tx: Transaction, teamId: string, invitee: Invitee, now: Date): Promise<void> {
  const { id, email } = invitee;
  const refuse = (message: string) => new AppError("conflict", message, { email: message });
  const member = await tx.member.findFirst({
    where: { teamId, removedAt: null, user: { email } },
    select: { disabledAt: true },
  });
  if (member?.disabledAt) throw refuse("This person is a disabled member. Enable them in the list.");
  if (member) throw refuse("This person is already a member.");
  const others = id === undefined ? {} : { id: { not: id } };
  const open = await tx.invitation.count({ where: { teamId, email, ...others, ...openInvitations(now) } });
  if (open > 0) throw refuse("This person already has an open invitation. Renew or withdraw it in the list.");
}
