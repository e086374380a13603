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
          {lastUse} Requests with this key will fail immediately with 401.
          {canVerify && " An API or gateway that verifies keys with it can no longer do so."} This can't be undone. The
          key stays in your list as Revoked.
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
