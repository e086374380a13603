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
      description="This can't be undone. You can delete a role only if no member or open invitation has it."
      submitLabel="Delete role"
      isDangerous
      change={() => deleteRoleAction(team, { roleId: role.id })}
      onDone={onDone}
      onClose={onClose}
    />
  );
}
