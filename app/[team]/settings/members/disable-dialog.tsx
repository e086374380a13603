"use client";

import { ChangeDialog } from "@/components/change-dialog";
import { visibleText } from "@/lib/text/visible-text";
import { disableMemberAction, enableMemberAction } from "./actions";
import type { MemberDialogProps } from "./change-role-dialog";

/** Disables or enables a member. */
export function DisableDialog({
  team,
  member,
  verb,
  onClose,
  onDone,
}: MemberDialogProps & { verb: "disable" | "enable" }) {
  const name = visibleText(member.name);
  const isDisabling = verb === "disable";
  return (
    <ChangeDialog
      title={`${isDisabling ? "Disable" : "Enable"} ${name}?`}
      description={
        isDisabling
          ? `They lose access immediately${keysOf(member.activeKeys, " stops working", " stop working")}. You can re-enable them any time.`
          : `They regain access immediately${keysOf(member.activeKeys, " works again", " work again")}.`
      }
      submitLabel={isDisabling ? "Disable member" : "Enable member"}
      isDangerous={isDisabling}
      change={() => (isDisabling ? disableMemberAction : enableMemberAction)(team, { id: member.id })}
      onDone={() => onDone(`${isDisabling ? "Disabled" : "Enabled"} ${name}`)}
      onClose={onClose}
    />
  );
}

function keysOf(count: number, one: string, many: string): string {
  if (count === 0) return "";
  return count === 1 ? ` and their active key${one}` : ` and their ${count} active keys${many}`;
}
