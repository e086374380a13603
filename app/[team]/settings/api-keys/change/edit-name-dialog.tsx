"use client";

import { useState } from "react";
import { ChangeDialog } from "@/components/change-dialog";
import type { ApiKeyDto } from "@/lib/api-keys/dto";
import { NameField } from "../fields/name-field";
import { renameApiKeyAction } from "./actions";

export type KeyDialogProps = {
  team: string;
  apiKey: ApiKeyDto;
  now: string;
  onClose: () => void;
  onDone: (confirmation: string) => void;
};

export function EditNameDialog({ team, apiKey, onClose, onDone }: KeyDialogProps) {
  const [name, setName] = useState(apiKey.name ?? "");
  return (
    <ChangeDialog
      title="Edit name"
      submitLabel="Save name"
      change={() => renameApiKeyAction(team, { id: apiKey.id, name })}
      onDone={() => onDone("Name saved")}
      onClose={onClose}
    >
      {(fields) => <NameField name={name} onChange={setName} error={fields.name} />}
    </ChangeDialog>
  );
}
