"use client";

import { useCallback, useEffect, useState } from "react";
import { flushSync } from "react-dom";
import { CopyField } from "@/components/copy-field";
import { Button } from "@/components/ui/button";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog";
import { Notice } from "@/components/ui/notice";
import { visibleText } from "@/lib/visible-text";
import { FirstUse } from "./first-use";

type TokenDialogProps = {
  team: string;
  apiUrl: string;
  created: { id: string; name: string | null; token: string };
  opener: HTMLElement;
  onClose: () => void;
};

/** Shows a new token, once. Leaving the page clears it, so that going back finds nothing. */
export function TokenDialog({ team, apiUrl, created, opener, onClose }: TokenDialogProps) {
  const [hasCopied, setCopied] = useState(false);
  const [isConfirming, setConfirming] = useState(false);
  const noteCopied = useCallback(() => setCopied(true), []);

  useEffect(() => {
    // A page kept for Back would come back with the token in it.
    const forget = () => flushSync(onClose);
    window.addEventListener("pagehide", forget);
    return () => window.removeEventListener("pagehide", forget);
  }, [onClose]);

  const close = () => (hasCopied ? onClose() : setConfirming(true));
  return (
    <Dialog
      title={created.name ? `“${visibleText(created.name)}” is ready` : "Your API key is ready"}
      description="Copy the token now and keep it in a secret manager. It is shown only this once."
      opener={opener}
      onClose={close}
      isWide
    >
      <DialogBody>
        <CopyField label="Token" copyLabel="Copy token" text={created.token} onCopied={noteCopied} />
        <CopyField
          label="Try it"
          copyLabel="Copy command"
          text={`curl -H "Authorization: Bearer ${created.token}" ${apiUrl}/me`}
          onCopied={noteCopied}
          isMultiline
        />
        <FirstUse team={team} keyId={created.id} />
        <p className="text-ink-soft text-xs">
          Servers only: never in a browser, a mobile app or a repository. If it leaks, revoke it here; the next request
          with it is refused.
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
