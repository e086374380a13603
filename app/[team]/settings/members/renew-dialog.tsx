"use client";

import { useState } from "react";
import { ChangeDialog } from "@/components/change-dialog";
import type { InvitationDto, NewInvitation } from "@/lib/invitations/dto";
import { INVITATION_DAYS } from "@/lib/invitations/limits";
import { renewInvitationAction } from "./actions";
import { LinkDialog } from "./link-dialog";

type RenewDialogProps = { team: string; invitation: InvitationDto; hasMail: boolean; onClose: () => void };

/** A lost link can't be shown again; a new one replaces it. */
export function RenewDialog({ team, invitation, hasMail, onClose }: RenewDialogProps) {
  const [renewed, setRenewed] = useState<NewInvitation | null>(null);
  if (renewed) return <LinkDialog invitation={renewed} onClose={onClose} />;
  const { email, isExpired } = invitation;
  const isMailed = hasMail && email !== null;
  return (
    <ChangeDialog
      title={
        isExpired ? `Invite ${email ?? "with a link"} again?` : isMailed ? "Send a new link?" : "Create a new link?"
      }
      description={`${isExpired ? "The previous link expired." : "The current link stops working."} The new one expires in ${INVITATION_DAYS} days${
        isMailed ? ` and is emailed to ${email}` : ""
      }.`}
      submitLabel={isMailed ? "Send new link" : "Create new link"}
      change={() => renewInvitationAction(team, { id: invitation.id })}
      onDone={setRenewed}
      onClose={onClose}
    />
  );
}
