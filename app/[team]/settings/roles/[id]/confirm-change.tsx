"use client";

import { ChangeList } from "@/components/change-list";
import { Button } from "@/components/ui/button";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog";
import { Notice } from "@/components/ui/notice";
import type { RoleChangePreview } from "@/lib/roles/describe-change";

type ConfirmChangeProps = {
  preview: RoleChangePreview;
  isOwn: boolean;
  isBusy: boolean;
  onConfirm: () => void;
  onClose: () => void;
};

/** Asks for confirmation if members lose permissions. */
export function ConfirmChange({ preview, isOwn, isBusy, onConfirm, onClose }: ConfirmChangeProps) {
  const losesRoles = preview.lost.some(({ name }) => name === "team.manage_roles");
  return (
    <Dialog
      title="Remove these permissions?"
      description="Takes effect immediately. You can add them back any time."
      onClose={onClose}
    >
      <DialogBody>
        <ChangeList preview={preview} />
        {isOwn && (
          <Notice tone="warning">This is your own role.{losesRoles && " You will lose access to this page."}</Notice>
        )}
      </DialogBody>
      <DialogFooter>
        <Button onClick={onClose}>Cancel</Button>
        <Button variant="danger" isBusy={isBusy} onClick={onConfirm}>
          Save changes
        </Button>
      </DialogFooter>
    </Dialog>
  );
}
