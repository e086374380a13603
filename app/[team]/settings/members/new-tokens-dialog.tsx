"use client";

import { useEffect, useState } from "react";
import { flushSync } from "react-dom";
import { CopyField } from "@/components/copy-field";
import { Button } from "@/components/ui/button";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog";
import { Notice } from "@/components/ui/notice";
import type { KeyFate } from "@/lib/members/key-fates";
import type { RemovedMember } from "@/lib/members/remove-member";
import { visibleText } from "@/lib/text/visible-text";

type NewTokensDialogProps = { removed: RemovedMember; onClose: () => void };

/**
 * Shows the new tokens of converted keys once, and the outcome for the member's other keys. Leaving the page clears
 * them.
 */
export function NewTokensDialog({ removed: { name, keys, tokens }, onClose }: NewTokensDialogProps) {
  const [copied, setCopied] = useState<ReadonlySet<string>>(new Set());
  const [isConfirming, setConfirming] = useState(false);

  useEffect(() => {
    // Otherwise, the browser's page cache would restore the page with the tokens.
    const forget = () => flushSync(onClose);
    window.addEventListener("pagehide", forget);
    return () => window.removeEventListener("pagehide", forget);
  }, [onClose]);

  const hasCopiedAll = tokens.every(({ keyId }) => copied.has(keyId));
  const close = () => (hasCopiedAll ? onClose() : setConfirming(true));
  return (
    <Dialog
      title={`${visibleText(name)} was removed`}
      description={`${tokens.length === 1 ? "1 key is now a team key with a new token." : `${tokens.length} keys are now team keys with new tokens.`} Copy ${tokens.length === 1 ? "it. You won't see it again, and the old token no longer works." : "them. You won't see them again, and the old tokens no longer work."}`}
      onClose={close}
      isWide
    >
      <DialogBody>
        {tokens.map(({ keyId, label, token }) => (
          <CopyField
            key={keyId}
            label={`Token of “${visibleText(label)}”`}
            copyLabel="Copy token"
            text={token}
            onCopied={() => setCopied((before) => new Set(before).add(keyId))}
          />
        ))}
        <Others title="Converted to team keys with the same token" keys={keys} fate="same_token" />
        <Others title="Revoked" keys={keys} fate="revoke" />
      </DialogBody>
      <DialogFooter>
        {isConfirming ? (
          <>
            <div className="grow basis-64">
              <Notice tone="warning" role="alert">
                You haven’t copied {tokens.length === 1 ? "the token" : "every token"}. It can’t be shown again.
              </Notice>
            </div>
            <Button onClick={onClose}>Close without copying</Button>
            <Button variant="primary" autoFocus onClick={() => setConfirming(false)}>
              Go back
            </Button>
          </>
        ) : (
          <Button variant={hasCopiedAll ? "primary" : "secondary"} onClick={close}>
            Done
          </Button>
        )}
      </DialogFooter>
    </Dialog>
  );
}

/** The keys with one outcome, by name. */
function Others({ title, keys, fate }: { title: string; keys: RemovedMember["keys"]; fate: KeyFate }) {
  const labels = keys.filter((key) => key.fate === fate).map(({ label }) => visibleText(label));
  if (labels.length === 0) return null;
  return (
    <section aria-label={title} className="grid gap-1">
      <h3 className="font-medium">{title}</h3>
      <p className="wrap-anywhere text-ink-soft">{labels.join(", ")}</p>
    </section>
  );
}
