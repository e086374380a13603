"use client";

import { useState } from "react";
import { ChangeDialog } from "@/components/change-dialog";
import { visibleText } from "@/lib/text/visible-text";
import { useMintingOptions } from "../create/minting-context";
import { narrowApiKeyAction } from "./actions";
import type { KeyDialogProps } from "./edit-name-dialog";
import { NarrowFields, narrowInput, narrowValueOf } from "./narrow-fields";

/** Changes a key's restrictions; its token stays the same. */
export function NarrowDialog({ team, apiKey, onClose, onDone }: KeyDialogProps) {
  const { resourceTypes, policy } = useMintingOptions();
  const [value, setValue] = useState(() => narrowValueOf(apiKey));
  const name = visibleText(apiKey.name ?? apiKey.tokenStart);
  return (
    <ChangeDialog
      title="Restrict access"
      description={`Limit the resources and IP addresses for “${name}”. Takes effect immediately.`}
      submitLabel="Save"
      change={() => narrowApiKeyAction(team, { id: apiKey.id, ...narrowInput(value) })}
      onDone={() => onDone("Restrictions saved")}
      onClose={onClose}
      fields={["resource", "allowedIps"]}
    >
      {(errors) => (
        <NarrowFields
          value={value}
          onChange={setValue}
          types={resourceTypes}
          requiresIps={policy.requiresIps}
          errors={errors}
        />
      )}
    </ChangeDialog>
  );
}
