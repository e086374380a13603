"use client";

import { useCallback, useEffect, useState } from "react";
import { flushSync } from "react-dom";
import { CopyField } from "@/components/copy-field";
import { Button } from "@/components/ui/button";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog";

/** Shows a calendar's link once. Leaving the page clears it, so that Back doesn't show it. */
export function CalendarLinkDialog({ url, onClose }: { url: string; onClose: () => void }) {
  const [hasCopied, setCopied] = useState(false);
  const noteCopied = useCallback(() => setCopied(true), []);

  useEffect(() => {
    const forget = () => flushSync(onClose);
    window.addEventListener("pagehide", forget);
    return () => window.removeEventListener("pagehide", forget);
  }, [onClose]);

  return (
    <Dialog
      title="Your calendar link"
      description="Copy it now. It's shown only once. In your calendar app, choose “Subscribe from URL”."
      onClose={onClose}
      isWide
    >
      <DialogBody>
        <CopyField label="Link" copyLabel="Copy link" text={url} onCopied={noteCopied} />
      </DialogBody>
      <DialogFooter>
        <Button variant={hasCopied ? "primary" : "secondary"} onClick={onClose}>
          Done
        </Button>
      </DialogFooter>
    </Dialog>
  );
}
