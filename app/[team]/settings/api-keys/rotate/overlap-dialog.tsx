"use client";

import { Dialog, DialogBody } from "@/components/ui/dialog";
import { visibleText } from "@/lib/text/visible-text";
import type { KeyDialogProps } from "../change/edit-name-dialog";
import { CutOverMeter } from "./cut-over-meter";

/** What still uses a replaced key, and the way to end it. */
export function OverlapDialog({ team, apiKey, onClose, onDone }: KeyDialogProps) {
  return (
    <Dialog
      title={`Replacing “${visibleText(apiKey.name ?? apiKey.tokenStart)}”`}
      description="Both tokens work until the overlap ends."
      onClose={onClose}
      isWide
    >
      <DialogBody>
        <CutOverMeter team={team} keyId={apiKey.id} onEnded={() => onDone("Overlap ended")} />
      </DialogBody>
    </Dialog>
  );
}
