"use client";

import { ChangeDialog } from "@/components/change-dialog";
import type { RoleDto } from "@/lib/roles/queries";
import { visibleText } from "@/lib/text/visible-text";
import { deleteRoleAction } from "./actions";

type DeleteRoleDialogProps = { team: string; role: RoleDto; onClose: () => void; onDone: () => void };

/** The server decides whether the role is unused, and reports its holders otherwise. */
export function DeleteRoleDialog({ team, role, onClose, onDone }: DeleteRoleDialogProps) {
  return (
    <ChangeDialog
      title={`Delete the role “${visibleText(role.name)}”?`}
      description="This cannot be undone. A role can only be deleted when no member has it and no open invitation is for it."
      submitLabel="Delete role"
      isDangerous
      change={() => deleteRoleAction(team, { roleId: role.id })}
      onDone={onDone}
      onClose={onClose}
    />
  );
}
