"use client";

import { Button } from "@/components/ui/button";
import { Dialog, DialogFooter } from "@/components/ui/dialog";
import type { RoleDto } from "@/lib/roles/queries";
import { visibleText } from "@/lib/text/visible-text";

type ObstacleDialogProps = { role: RoleDto; obstacle: string; onClose: () => void };

/** Explains why a role can't be changed; a disabled or missing menu item wouldn't. */
export function ObstacleDialog({ role, obstacle, onClose }: ObstacleDialogProps) {
  return (
    <Dialog
      title={`The ${visibleText(role.name)} role can't be changed`}
      description={visibleText(obstacle)}
      onClose={onClose}
    >
      <div className="mt-5">
        <DialogFooter>
          <Button onClick={onClose}>Close</Button>
        </DialogFooter>
      </div>
    </Dialog>
  );
}
