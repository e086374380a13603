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
          ? `${link}no longer works. This removes it from the list.`
          : `${link}stops working immediately. You can invite again any time.`
      }
      submitLabel={isExpired ? "Remove invitation" : "Withdraw invitation"}
      isDangerous
      change={() => withdrawInvitationAction(team, { id: invitation.id })}
      onDone={() => onDone(isExpired ? "Invitation removed" : "Invitation withdrawn")}
      onClose={onClose}
    />
  );
}
