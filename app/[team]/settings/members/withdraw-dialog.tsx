"use client";

import { ChangeDialog } from "@/components/change-dialog";
import type { InvitationDto } from "@/lib/invitations/dto";
import { withdrawInvitationAction } from "./actions";

type WithdrawDialogProps = {
  team: string;
  invitation: InvitationDto;
  onClose: () => void;
  onDone: (confirmation: string) => void;
};

/** Withdraws an invitation, or removes an expired one from the list. */
export function WithdrawDialog({ team, invitation, onClose, onDone }: WithdrawDialogProps) {
  const { email, isExpired } = invitation;
  const link = `The link ${email ? `for ${email} ` : ""}`;
  return (
    <ChangeDialog
      title={isExpired ? "Remove this invitation?" : "Withdraw this invitation?"}
      description={
        isExpired
          ? `${link}has stopped already; this takes it out of the list.`
          : `${link}stops at once. You can invite again at any time.`
      }
      submitLabel={isExpired ? "Remove invitation" : "Withdraw invitation"}
      isDangerous
      change={() => withdrawInvitationAction(team, { id: invitation.id })}
      onDone={() => onDone(isExpired ? "Removed the invitation" : "Withdrew the invitation")}
      onClose={onClose}
    />
  );
}
