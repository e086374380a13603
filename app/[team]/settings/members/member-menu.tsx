"use client";

import { MailCheck, UserCheck, UserCog, UserMinus, UserX } from "lucide-react";
import { MenuItem, MenuSeparator, SharedMenu } from "@/components/ui/menu";
import type { MemberDto } from "@/lib/members/dto";

export type MemberAction = "role" | "confirm" | "disable" | "enable" | "remove";

/** The row whose menu is open, and the button that opened it. */
export type OpenMemberMenu = { member: MemberDto; button: HTMLElement };

type MemberMenuProps = {
  open: OpenMemberMenu | null;
  /** With a mail server, the member confirms the address by a link. */
  hasMail: boolean;
  onClose: () => void;
  onAction: (action: MemberAction, member: MemberDto) => void;
};

/** The actions for a member: one menu for the whole table. Members can't disable or remove themselves. */
export function MemberMenu({ open, hasMail, onClose, onAction }: MemberMenuProps) {
  if (!open) return null;
  const { member, button } = open;
  return (
    <SharedMenu<MemberAction> anchor={button} onClose={onClose} onAction={(action) => onAction(action, member)}>
      {(choose) => (
        <>
          <MenuItem onSelect={choose("role")}>
            <UserCog size={16} aria-hidden /> Change role
          </MenuItem>
          {!member.isSelf && !member.isEmailConfirmed && !hasMail && (
            <MenuItem onSelect={choose("confirm")}>
              <MailCheck size={16} aria-hidden /> Confirm email
            </MenuItem>
          )}
          {!member.isSelf && (
            <>
              {member.status === "disabled" ? (
                <MenuItem onSelect={choose("enable")}>
                  <UserCheck size={16} aria-hidden /> Enable
                </MenuItem>
              ) : (
                <MenuItem onSelect={choose("disable")}>
                  <UserX size={16} aria-hidden /> Disable
                </MenuItem>
              )}
              <MenuSeparator />
              <MenuItem isDangerous onSelect={choose("remove")}>
                <UserMinus size={16} aria-hidden /> Remove from team
              </MenuItem>
            </>
          )}
        </>
      )}
    </SharedMenu>
  );
}
