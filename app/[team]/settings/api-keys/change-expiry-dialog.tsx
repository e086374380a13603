"use client";

import { useState } from "react";
import { ChangeDialog } from "@/components/change-dialog";
import { Day } from "@/components/time";
import { visibleText } from "@/lib/visible-text";
import { changeExpiryAction } from "./actions";
import type { KeyDialogProps } from "./edit-name-dialog";
import { ExpiryField, type ExpiryValue, expiryInput } from "./expiry-field";
import { useMintingOptions } from "./minting-context";

export function ChangeExpiryDialog({ team, apiKey, onClose, onDone }: KeyDialogProps) {
  const { policy } = useMintingOptions();
  const [expiry, setExpiry] = useState<ExpiryValue>({ choice: policy.defaultLifetime, day: "" });
  return (
    <ChangeDialog
      title="Change expiry"
      description={
        <>
          {visibleText(apiKey.name ?? apiKey.tokenStart)}{" "}
          {apiKey.expiresAt ? (
            <>
              expires on <Day iso={apiKey.expiresAt} />
            </>
          ) : (
            "never expires"
          )}
          . The new lifetime counts from now.
        </>
      }
      submitLabel="Save expiry"
      change={() => changeExpiryAction(team, { id: apiKey.id, expiry: expiryInput(expiry) })}
      onDone={() => onDone("Expiry saved")}
      onClose={onClose}
    >
      {(fields) => <ExpiryField value={expiry} onChange={setExpiry} policy={policy} error={fields.expiry} />}
    </ChangeDialog>
  );
}
