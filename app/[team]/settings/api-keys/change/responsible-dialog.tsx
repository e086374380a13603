"use client";

import { useState } from "react";
import { ChangeDialog } from "@/components/change-dialog";
import { visibleText } from "@/lib/text/visible-text";
import { ResponsibleField } from "../fields/responsible-field";
import { changeResponsibleAction } from "./actions";
import type { KeyDialogProps } from "./edit-name-dialog";

export function ResponsibleDialog({ team, apiKey, onClose, onDone }: KeyDialogProps) {
  const [member, setMember] = useState(apiKey.responsible);
  return (
    <ChangeDialog
      title="Change contact"
      description={`Who should hear about “${visibleText(apiKey.name ?? apiKey.tokenStart)}”?`}
      submitLabel="Save"
      change={() => changeResponsibleAction(team, { id: apiKey.id, responsibleMemberId: member?.id ?? "" })}
      onDone={() => onDone("Contact saved")}
      onClose={onClose}
      fields={["responsibleMemberId"]}
    >
      {(errors) => (
        <ResponsibleField team={team} value={member} onChange={setMember} error={errors.responsibleMemberId} />
      )}
    </ChangeDialog>
  );
}
