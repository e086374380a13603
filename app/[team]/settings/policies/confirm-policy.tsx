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
      ? "Saving ends no key."
      : `${total === 1 ? "It goes" : "They go"} on working: saving ends no key. Afterwards ${total === 1 ? "it is" : "they are"} listed below the policy.`;
  return (
    <Dialog title={titleOf(preview)} description={description} onClose={onClose} isWide>
      <DialogBody>
        {membersBeyond > 0 && (
          <p>
            {membersBeyond === 1 ? "1 member has" : `${membersBeyond.toLocaleString("en")} members have`} more active
            keys than this policy allows. They keep them, and can make no other until they are below the limit.
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
  if (total === 0) return "Some members are above this limit";
  return total === 1
    ? "1 active key breaks this policy"
    : `${total.toLocaleString("en")} active keys break this policy`;
}
