"use client";

import { ChangeDialog } from "@/components/change-dialog";
import { nameOrEnds } from "@/lib/api-keys/key-label";
import type { LatchkeyScope } from "@/lib/permissions/latchkey-scopes";
import { relativeTime } from "@/lib/text/relative-time";
import { visibleText } from "@/lib/text/visible-text";
import type { KeyDialogProps } from "../change/edit-name-dialog";
import { revokeApiKeyAction } from "./actions";

/** Asks for confirmation, with the key's name and last use: revoking can't be undone. */
export function RevokeDialog({ team, apiKey, now, onClose, onDone }: KeyDialogProps) {
  const name = visibleText(nameOrEnds(apiKey));
  const lastUse = apiKey.lastUsedAt
    ? `It was last used ${relativeTime(new Date(apiKey.lastUsedAt), new Date(now))}.`
    : "It has never been used.";
  const canVerify = apiKey.scopes.includes("keys.verify" satisfies LatchkeyScope);
  return (
    <ChangeDialog
      title={`Revoke “${name}”?`}
      description={
        <>
          {lastUse} Whatever uses it gets 401 from its next request on
          {canVerify && ", and an API or gateway that checks keys with it can't check them any more"}. This cannot be
          undone; the key stays in the list as revoked.
        </>
      }
      submitLabel="Revoke key"
      isDangerous
      change={() => revokeApiKeyAction(team, { id: apiKey.id })}
      onDone={() => onDone(`Revoked ${name}`)}
      onClose={onClose}
    />
  );
}
