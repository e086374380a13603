"use client";

import { useState } from "react";
import { ChangeDialog } from "@/components/change-dialog";
import { SelectField } from "@/components/ui/field";
import type { RoleDto } from "@/lib/roles/queries";
import { MAX_ROLE_NAME_LENGTH } from "@/lib/roles/schemas";
import { visibleText } from "@/lib/text/visible-text";
import { createRoleAction } from "./actions";
import { RoleNameField } from "./role-name-field";

type CreateRoleDialogProps = {
  team: string;
  roles: RoleDto[];
  /** The role to duplicate; null for none. */
  source: RoleDto | null;
  onClose: () => void;
  onDone: (id: string, name: string) => void;
};

/** Asks for a name and a starting point; the role's page follows. */
export function CreateRoleDialog({ team, roles, source, onClose, onDone }: CreateRoleDialogProps) {
  const [name, setName] = useState(source ? `Copy of ${source.name}`.slice(0, MAX_ROLE_NAME_LENGTH) : "");
  const [copyOf, setCopyOf] = useState(source?.id ?? "");

  return (
    <ChangeDialog
      title={source ? `Duplicate ${visibleText(source.name)}` : "Create role"}
      submitLabel="Create role"
      change={() => createRoleAction(team, { name, copyOf: copyOf || null })}
      onDone={({ id }) => onDone(id, visibleText(name.trim()))}
      onClose={onClose}
    >
      {(fields) => (
        <>
          <RoleNameField name={name} onChange={setName} error={fields.name} />
          <SelectField
            label="Copy permissions from"
            hint="You can change them next."
            error={fields.permissions}
            value={copyOf}
            onChange={(event) => setCopyOf(event.target.value)}
          >
            <option value="">None (start from scratch)</option>
            {roles.map((role) => (
              <option key={role.id} value={role.id}>
                {visibleText(role.name)}
              </option>
            ))}
          </SelectField>
        </>
      )}
    </ChangeDialog>
  );
}
