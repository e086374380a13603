"use client";

import { useCallback, useEffect, useState } from "react";
import { flushSync } from "react-dom";
import { CopyField } from "@/components/copy-field";
import { Button } from "@/components/ui/button";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog";
import { Notice } from "@/components/ui/notice";
import type { NewInvitation } from "@/lib/invitations/dto";
import { INVITATION_DAYS } from "@/lib/invitations/limits";

type LinkDialogProps = { invitation: NewInvitation; opener?: HTMLElement; onClose: () => void };

/** Shows an invitation's link once. Leaving the page clears it, so that Back doesn't show it. */
export function LinkDialog({ invitation: { email, url, mail }, opener, onClose }: LinkDialogProps) {
  const [hasCopied, setCopied] = useState(false);
  const noteCopied = useCallback(() => setCopied(true), []);

  useEffect(() => {
    const forget = () => flushSync(onClose);
    window.addEventListener("pagehide", forget);
    return () => window.removeEventListener("pagehide", forget);
  }, [onClose]);

  return (
    <Dialog
      title={mail === "sent" ? "The invitation is on its way" : "The invitation is ready"}
      description={`Its link works once, for ${INVITATION_DAYS} days${
        email ? `, for ${email} only` : ""
      }. It is shown only now; a lost one is replaced in the list.`}
      opener={opener}
      onClose={onClose}
      isWide
    >
      <DialogBody>
        {mail === "sent" && <Notice>A mail with this link was handed over for {email}.</Notice>}
        {mail === "failed" && (
          <Notice tone="warning" role="alert">
            The mail couldn’t be sent. The invitation is good all the same: copy its link and hand it over yourself.
          </Notice>
        )}
        {mail === "no_server" && (
          <Notice>No mail was sent, because no mail server is set up. Copy the link and hand it over yourself.</Notice>
        )}
        <CopyField label="Link" copyLabel="Copy link" text={url} onCopied={noteCopied} />
      </DialogBody>
      <DialogFooter>
        <Button variant={hasCopied || mail === "sent" ? "primary" : "secondary"} onClick={onClose}>
          Done
        </Button>
      </DialogFooter>
    </Dialog>
  );
}
