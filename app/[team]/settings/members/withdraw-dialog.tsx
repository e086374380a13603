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

export function WithdrawDialog({ team, invitation, onClose, onDone }: WithdrawDialogProps) {
  return (
    <ChangeDialog
      title="Withdraw this invitation?"
      description={`The link ${invitation.email ? `for ${invitation.email} ` : ""}stops at once. You can invite again at any time.`}
      submitLabel="Withdraw invitation"
      isDangerous
      change={() => withdrawInvitationAction(team, { id: invitation.id })}
      onDone={() => onDone("Withdrew the invitation")}
      onClose={onClose}
    />
  );
}
