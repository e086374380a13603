"use client";

import { useState } from "react";
import { Day } from "@/components/time";
import { RECOMMENDED_EXPIRY } from "@/lib/api-keys/expiry";
import { visibleText } from "@/lib/visible-text";
import { changeExpiryAction } from "./actions";
import { ChangeDialog } from "./change-dialog";
import type { KeyDialogProps } from "./edit-name-dialog";
import { ExpiryField, type ExpiryValue, expiryInput } from "./expiry-field";

export function ChangeExpiryDialog({ team, apiKey, onClose, onDone }: KeyDialogProps) {
  const [expiry, setExpiry] = useState<ExpiryValue>({ choice: RECOMMENDED_EXPIRY, day: "" });
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
      {(fields) => <ExpiryField value={expiry} onChange={setExpiry} error={fields.expiry} />}
    </ChangeDialog>
  );
}
