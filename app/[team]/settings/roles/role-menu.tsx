"use client";

import { Copy, Pencil, Trash2 } from "lucide-react";
import { MenuItem, MenuLabel, MenuSeparator, SharedMenu } from "@/components/ui/menu";
import { counted } from "@/lib/roles/counted";
import type { RoleDto } from "@/lib/roles/queries";

export type RoleAction = "rename" | "duplicate" | "delete";

/** The role whose menu is open, and the button that opened it. */
export type OpenRoleMenu = { role: RoleDto; button: HTMLElement };

type RoleMenuProps = {
  open: OpenRoleMenu | null;
  onClose: () => void;
  onAction: (action: RoleAction, role: RoleDto) => void;
};

/** The other actions for a role: one menu for the whole table, anchored at the row's button. */
export function RoleMenu({ open, onClose, onAction }: RoleMenuProps) {
  if (!open) return null;
  const { role, button } = open;
  const inTheWay = whoIsInTheWay(role);
  return (
    <SharedMenu<RoleAction> anchor={button} onClose={onClose} onAction={(action) => onAction(action, role)}>
      {(choose) => (
        <>
          <MenuItem onSelect={choose("rename")}>
            <Pencil size={16} aria-hidden /> Rename
          </MenuItem>
          <MenuItem onSelect={choose("duplicate")}>
            <Copy size={16} aria-hidden /> Duplicate
          </MenuItem>
          <MenuSeparator />
          {inTheWay && <MenuLabel>{inTheWay}</MenuLabel>}
          <MenuItem isDangerous disabled={inTheWay !== null} onSelect={choose("delete")}>
            <Trash2 size={16} aria-hidden /> Delete
          </MenuItem>
        </>
      )}
    </SharedMenu>
  );
}

/** Who prevents the role's deletion; null if it can't be changed at all, which its dialog explains. */
function whoIsInTheWay({ members, invitations, obstacle }: RoleDto): string | null {
  if (obstacle || members + invitations === 0) return null;
  const holders = [
    members > 0 && `${counted(members, "member")} ${members === 1 ? "has" : "have"} this role`,
    invitations > 0 && `${counted(invitations, "open invitation")} ${invitations === 1 ? "has" : "have"} this role`,
  ].filter(Boolean);
  return `Can't be deleted: ${holders.join(", and ")}.`;
}
