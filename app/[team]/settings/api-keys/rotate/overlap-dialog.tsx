"use client";

import { Dialog, DialogBody } from "@/components/ui/dialog";
import { visibleText } from "@/lib/text/visible-text";
import type { KeyDialogProps } from "../change/edit-name-dialog";
import { CutOverMeter } from "./cut-over-meter";

/** The remaining use of a replaced key, and a button to end it. */
export function OverlapDialog({ team, apiKey, onClose, onDone }: KeyDialogProps) {
  return (
    <Dialog
      title={`Replacing “${visibleText(apiKey.name ?? apiKey.tokenStart)}”`}
      description="Both tokens work until the grace period ends."
      onClose={onClose}
      isWide
    >
      <DialogBody>
        <CutOverMeter team={team} keyId={apiKey.id} onEnded={() => onDone("Grace period ended")} />
      </DialogBody>
    </Dialog>
  );
}
