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
      title={mail === "sent" ? "Invitation sent" : "Invitation link created"}
      description={`A one-time link${
        email ? ` for ${email}` : ""
      } that expires in ${INVITATION_DAYS} days. You won't see it again, but you can create a new one.`}
      opener={opener}
      onClose={onClose}
      isWide
    >
      <DialogBody>
        {mail === "sent" && <Notice>We emailed this link to {email}.</Notice>}
        {mail === "failed" && (
          <Notice tone="warning" role="alert">
            The email couldn’t be sent. Copy this link and send it yourself.
          </Notice>
        )}
        {mail === "no_server" && <Notice>Email isn’t set up. Copy this link and send it yourself.</Notice>}
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
