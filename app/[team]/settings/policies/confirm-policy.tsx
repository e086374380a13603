"use client";

import { Button } from "@/components/ui/button";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog";
import type { PolicyPreview } from "@/lib/policies/preview-policy";
import { BreakingKeysList } from "./breaking-keys-list";

type ConfirmPolicyProps = {
  team: string;
  preview: PolicyPreview;
  isBusy: boolean;
  onConfirm: () => void;
  onClose: () => void;
};

/** Shows which keys would break the policy before it is saved. */
export function ConfirmPolicy({ team, preview, isBusy, onConfirm, onClose }: ConfirmPolicyProps) {
  const { total, membersBeyond } = preview;
  const description =
    total === 0
      ? "No keys will stop working."
      : "No keys will stop working. After saving, keys that don't comply are listed below the policy.";
  return (
    <Dialog title={titleOf(preview)} description={description} onClose={onClose} isWide>
      <DialogBody>
        {membersBeyond > 0 && (
          <p>
            {membersBeyond === 1 ? "1 member has" : `${membersBeyond.toLocaleString("en")} members have`} more active
            keys than this policy allows. They keep them but can't create more until they are below the limit.
          </p>
        )}
        {total > 0 && <BreakingKeysList team={team} breaking={preview} opensNewTab />}
      </DialogBody>
      <DialogFooter>
        <Button onClick={onClose}>Cancel</Button>
        <Button variant="primary" isBusy={isBusy} onClick={onConfirm}>
          Save policy
        </Button>
      </DialogFooter>
    </Dialog>
  );
}

function titleOf({ total }: PolicyPreview): string {
  if (total === 0) return "Some members are over the limit";
  return total === 1 ? "1 active key doesn't comply" : `${total.toLocaleString("en")} active keys don't comply`;
}
