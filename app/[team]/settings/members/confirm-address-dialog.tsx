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
      title={`Confirm ${name}’s email?`}
      description={`${name} entered ${visibleText(email)}, which hasn’t been verified. Once you confirm it, your API receives it with each request of their keys. Make sure it’s theirs.`}
      submitLabel="Confirm email"
      change={() => confirmAddressAction(team, { id, email })}
      onDone={() => onDone(`Confirmed ${visibleText(email)}`)}
      onClose={onClose}
    />
  );
}
