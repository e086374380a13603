"use client";

import { Copy, Pencil, Trash2 } from "lucide-react";
import { useRef } from "react";
import { MenuItem, MenuSeparator, SharedMenu } from "@/components/ui/menu";
import type { RoleDto } from "@/lib/roles/queries";

export type RoleAction = "rename" | "duplicate" | "delete";

/** The role whose menu is open, and the button that opened it. */
export type OpenRoleMenu = { role: RoleDto; button: HTMLElement };

type RoleMenuProps = {
  open: OpenRoleMenu | null;
  onClose: () => void;
  onAction: (action: RoleAction, role: RoleDto) => void;
};

/** What can be done with a role beside changing it: one menu for the whole table, at the button that asked for it. */
export function RoleMenu({ open, onClose, onAction }: RoleMenuProps) {
  const chosen = useRef<RoleAction>(null);
  if (!open) return null;
  const { role, button } = open;
  const act = () => {
    if (chosen.current) onAction(chosen.current, role);
    chosen.current = null;
  };
  const choose = (action: RoleAction) => () => {
    chosen.current = action;
  };
  return (
    <SharedMenu anchor={button} onClose={onClose} onClosed={act}>
      <MenuItem onSelect={choose("rename")}>
        <Pencil size={16} aria-hidden /> Rename
      </MenuItem>
      <MenuItem onSelect={choose("duplicate")}>
        <Copy size={16} aria-hidden /> Duplicate
      </MenuItem>
      <MenuSeparator />
      <MenuItem isDangerous onSelect={choose("delete")}>
        <Trash2 size={16} aria-hidden /> Delete
      </MenuItem>
    </SharedMenu>
  );
}
