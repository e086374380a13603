"use client";

import { useState } from "react";
import { Field, Input } from "@/components/ui/field";
import type { ApiKeyDto } from "@/lib/api-keys/dto";
import { MAX_NAME_LENGTH } from "@/lib/api-keys/limits";
import { vagueNameHint } from "@/lib/api-keys/naming";
import { renameApiKeyAction } from "./actions";
import { ChangeDialog } from "./change-dialog";

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
      {(fields) => (
        <Field label="Name" isOptional hint={vagueNameHint(name)} error={fields.name}>
          {(control) => (
            <Input
              {...control}
              autoComplete="off"
              placeholder="Zapier production"
              maxLength={MAX_NAME_LENGTH}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
      )}
    </ChangeDialog>
  );
}
