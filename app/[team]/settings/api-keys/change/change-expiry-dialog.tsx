"use client";

import { useState } from "react";
import { ChangeDialog } from "@/components/change-dialog";
import { Day } from "@/components/time";
import { choicesWithin, type ExistingKey, type LifetimeRules } from "@/lib/api-keys/create/lifetimes-within";
import { visibleText } from "@/lib/text/visible-text";
import { useMintingOptions } from "../create/minting-context";
import { ExpiryField, type ExpiryValue, expiryInput } from "../fields/expiry-field";
import { changeExpiryAction } from "./actions";
import type { KeyDialogProps } from "./edit-name-dialog";

export function ChangeExpiryDialog({ team, apiKey, onClose, onDone }: KeyDialogProps) {
  const { policy } = useMintingOptions();
  const { createdAt, expiresAt } = apiKey;
  const key = { createdAt: new Date(createdAt), expiresAt: expiresAt ? new Date(expiresAt) : null };
  const [expiry, setExpiry] = useState<ExpiryValue>(() => ({ choice: firstChoice(policy, key), day: "" }));
  return (
    <ChangeDialog
      title="Change expiration"
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
          . The new lifetime starts now.
        </>
      }
      submitLabel="Save expiration"
      change={() => changeExpiryAction(team, { id: apiKey.id, expiry: expiryInput(expiry) })}
      onDone={() => onDone("Expiration saved")}
      onClose={onClose}
    >
      {(fields) => <ExpiryField value={expiry} onChange={setExpiry} policy={policy} of={key} error={fields.expiry} />}
    </ChangeDialog>
  );
}

/** The default lifetime if allowed; a key close to the maximum lifetime has no complete one left. */
function firstChoice(policy: LifetimeRules, key: ExistingKey): ExpiryValue["choice"] {
  const offered = choicesWithin(policy, key);
  return offered.includes(policy.defaultLifetime) ? policy.defaultLifetime : (offered.at(-1) ?? "date");
}
