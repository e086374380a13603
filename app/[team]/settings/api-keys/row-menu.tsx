"use client";

import { Ban, CalendarClock, Pencil } from "lucide-react";
import { useRef } from "react";
import { MenuItem, MenuSeparator, SharedMenu } from "@/components/ui/menu";
import type { ApiKeyDto } from "@/lib/api-keys/dto";

export type KeyAction = "rename" | "expiry" | "revoke";

/** The row whose menu is open, and the button that opened it. */
export type OpenRowMenu = { apiKey: ApiKeyDto; button: HTMLElement };

type RowMenuProps = {
  open: OpenRowMenu | null;
  onClose: () => void;
  onAction: (action: KeyAction, apiKey: ApiKeyDto) => void;
};

/** What can be done with an active key: one menu for the whole table, at the button that asked for it. */
export function RowMenu({ open, onClose, onAction }: RowMenuProps) {
  const chosen = useRef<KeyAction>(null);
  if (!open) return null;
  const { apiKey, button } = open;
  const act = () => {
    if (chosen.current) onAction(chosen.current, apiKey);
    chosen.current = null;
  };
  const choose = (action: KeyAction) => () => {
    chosen.current = action;
  };
  return (
    <SharedMenu anchor={button} onClose={onClose} onClosed={act}>
      <MenuItem onSelect={choose("rename")}>
        <Pencil size={16} aria-hidden /> Edit name
      </MenuItem>
      <MenuItem onSelect={choose("expiry")}>
        <CalendarClock size={16} aria-hidden /> Change expiry
      </MenuItem>
      <MenuSeparator />
      <MenuItem isDangerous onSelect={choose("revoke")}>
        <Ban size={16} aria-hidden /> Revoke
      </MenuItem>
    </SharedMenu>
  );
}
