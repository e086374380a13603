"use client";

import {
  Ban,
  CalendarClock,
  Copy,
  FileText,
  Funnel,
  type LucideIcon,
  Pencil,
  RefreshCw,
  RotateCcw,
  Timer,
  UserRound,
} from "lucide-react";
import Link from "next/link";
import { useParams, usePathname } from "next/navigation";
import { useContext } from "react";
import { MenuItem, MenuSeparator, SharedMenu } from "@/components/ui/menu";
import type { ApiKeyDto } from "@/lib/api-keys/dto";
import { type KeyAction, keyActions } from "@/lib/api-keys/key-actions";
import { KeyRightsContext } from "../key-rights";

export type { KeyAction } from "@/lib/api-keys/key-actions";

/** Labels of the actions. */
export const ACTION_LABELS: Record<KeyAction, { label: string; Icon: LucideIcon }> = {
  rename: { label: "Edit name", Icon: Pencil },
  expiry: { label: "Change expiration", Icon: CalendarClock },
  narrow: { label: "Restrict access", Icon: Funnel },
  responsible: { label: "Change contact", Icon: UserRound },
  rotate: { label: "Rotate", Icon: RefreshCw },
  overlap: { label: "End grace period now", Icon: Timer },
  renew: { label: "Renew", Icon: RotateCcw },
  duplicate: { label: "Duplicate", Icon: Copy },
  revoke: { label: "Revoke", Icon: Ban },
};

/** The row whose menu is open, and the button that opened it. */
export type OpenRowMenu = { apiKey: ApiKeyDto; button: HTMLElement };

type RowMenuProps = {
  open: OpenRowMenu | null;
  onClose: () => void;
  onAction: (action: KeyAction, apiKey: ApiKeyDto, button: HTMLElement) => void;
};

/** The actions for a key: one menu for the whole table, anchored at the row's button. */
export function RowMenu({ open, onClose, onAction }: RowMenuProps) {
  const rights = useContext(KeyRightsContext);
  const { team } = useParams<{ team: string }>();
  const path = usePathname();
  if (!open) return null;
  const { apiKey, button } = open;
  const actions = keyActions(apiKey, rights);
  const ownPage = `/${team}/settings/api-keys/${apiKey.id}`;
  const isElsewhere = path !== ownPage;
  return (
    <SharedMenu<KeyAction> anchor={button} onClose={onClose} onAction={(action) => onAction(action, apiKey, button)}>
      {(choose) => (
        <>
          {isElsewhere && (
            <MenuItem asChild>
              <Link href={ownPage} prefetch={false}>
                <FileText size={16} aria-hidden /> Details
              </Link>
            </MenuItem>
          )}
          {actions
            .filter((action) => action !== "revoke")
            .map((action) => (
              <ActionItem key={action} action={action} onSelect={choose(action)} />
            ))}
          {actions.includes("revoke") && (
            <>
              {(isElsewhere || actions.length > 1) && <MenuSeparator />}
              <ActionItem action="revoke" onSelect={choose("revoke")} />
            </>
          )}
        </>
      )}
    </SharedMenu>
  );
}

function ActionItem({ action, onSelect }: { action: KeyAction; onSelect: () => void }) {
  const { label, Icon } = ACTION_LABELS[action];
  return (
    <MenuItem isDangerous={action === "revoke"} onSelect={onSelect}>
      <Icon size={16} aria-hidden /> {label}
    </MenuItem>
  );
}
