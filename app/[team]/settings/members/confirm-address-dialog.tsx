"use client";

import { ChangeDialog } from "@/components/change-dialog";
import { visibleText } from "@/lib/text/visible-text";
import { confirmAddressAction } from "./actions";
import type { MemberDialogProps } from "./change-role-dialog";

/** Without a mail server, an admin who knows the member confirms the address. */
export function ConfirmAddressDialog({ team, member, onClose, onDone }: MemberDialogProps) {
  const { id, email } = member;
  const name = visibleText(member.name);
  return (
    <ChangeDialog
      title={`Confirm ${name}’s address?`}
      description={`${name} typed ${visibleText(email)}, and nobody has checked it. Once you confirm it, your API gets it with every request of their keys. Make sure that the address is theirs.`}
      submitLabel="Confirm address"
      change={() => confirmAddressAction(team, { id, email })}
      onDone={() => onDone(`Confirmed ${visibleText(email)}`)}
      onClose={onClose}
    />
  );
}
