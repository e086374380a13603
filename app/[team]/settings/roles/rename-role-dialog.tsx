"use client";

import { useState } from "react";
import { ChangeDialog } from "@/components/change-dialog";
import type { RoleDto } from "@/lib/roles/queries";
import { renameRoleAction } from "./actions";
import { RoleNameField } from "./role-name-field";

type RenameRoleDialogProps = { team: string; role: RoleDto; onClose: () => void; onDone: () => void };

export function RenameRoleDialog({ team, role, onClose, onDone }: RenameRoleDialogProps) {
  const [name, setName] = useState(role.name);
  return (
    <ChangeDialog
      title="Rename role"
      submitLabel="Save name"
      change={() => renameRoleAction(team, { roleId: role.id, name })}
      onDone={onDone}
      onClose={onClose}
    >
      {(fields) => <RoleNameField name={name} onChange={setName} error={fields.name} />}
    </ChangeDialog>
  );
}
