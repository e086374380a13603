"use client";

import { type ReactNode, useCallback, useEffect, useState } from "react";
import { flushSync } from "react-dom";
import { CopyField } from "@/components/copy-field";
import { Button } from "@/components/ui/button";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog";
import { Notice } from "@/components/ui/notice";
import type { CreatedApiKey } from "@/lib/api-keys/create/create-api-key";
import { visibleText } from "@/lib/text/visible-text";
import { KIND_TEXTS } from "../kind-texts";
import { exampleCall } from "./example-call";
import { FirstUse } from "./first-use";

type TokenDialogProps = {
  team: string;
  apiUrl: string;
  created: CreatedApiKey;
  /** Additional information about this token. */
  note?: ReactNode;
  opener: HTMLElement;
  onClose: () => void;
};

/** Shows a new token once. Leaving the page clears it, so that Back doesn't show it. */
export function TokenDialog({ team, apiUrl, created, note, opener, onClose }: TokenDialogProps) {
  const { key, token } = created;
  const [hasCopied, setCopied] = useState(false);
  const [isConfirming, setConfirming] = useState(false);
  const noteCopied = useCallback(() => setCopied(true), []);

  useEffect(() => {
    // Otherwise, the browser's page cache would restore the page with the token.
    const forget = () => flushSync(onClose);
    window.addEventListener("pagehide", forget);
    return () => window.removeEventListener("pagehide", forget);
  }, [onClose]);

  const close = () => (hasCopied ? onClose() : setConfirming(true));
  return (
    <Dialog
      title={key.name ? `“${visibleText(key.name)}” is ready` : KIND_TEXTS[key.kind].nonameIsReady}
      description="Copy your token and store it in a secret manager. You won't see it again."
      opener={opener}
      onClose={close}
      isWide
    >
      <DialogBody>
        <CopyField label="Token" copyLabel="Copy token" text={token} onCopied={noteCopied} />
        <CopyField
          label="Try it"
          copyLabel="Copy command"
          text={exampleCall(apiUrl, token, key.scopes)}
          onCopied={noteCopied}
          isMultiline
        />
        {note}
        <FirstUse team={team} keyId={key.id} />
        <p className="text-ink-soft text-xs">
          Keep it on the server, never in a browser, app or repository. If it leaks, revoke it; it stops working
          immediately.
        </p>
      </DialogBody>
      {isConfirming ? (
        <DialogFooter>
          <div className="grow basis-64">
            <Notice tone="warning" role="alert">
              You haven't copied the token. It can't be shown again.
            </Notice>
          </div>
          <Button onClick={onClose}>Close without copying</Button>
          <Button variant="primary" autoFocus onClick={() => setConfirming(false)}>
            Go back
          </Button>
        </DialogFooter>
      ) : (
        <DialogFooter>
          <Button variant={hasCopied ? "primary" : "secondary"} onClick={close}>
            Done
          </Button>
        </DialogFooter>
      )}
    </Dialog>
  );
}
