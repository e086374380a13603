"use client";

import { useState } from "react";
import { ChangeDialog } from "@/components/change-dialog";
import type { MemberDto } from "@/lib/members/dto";
import type { RoleChoice } from "@/lib/members/grantable-role";
import { visibleText } from "@/lib/text/visible-text";
import { changeMemberRoleAction } from "./actions";
import { RoleField } from "./role-field";
import { WhatRoleChanges } from "./what-role-changes";

export type MemberDialogProps = {
  team: string;
  member: MemberDto;
  onClose: () => void;
  onDone: (confirmation: string) => void;
};

export function ChangeRoleDialog({
  team,
  member,
  roles,
  onClose,
  onDone,
}: MemberDialogProps & { roles: RoleChoice[] }) {
  const [roleId, setRoleId] = useState(member.role.id);
  const name = visibleText(member.name);
  return (
    <ChangeDialog
      title={member.isSelf ? "Change your own role" : `Change ${name}'s role`}
      description={
        member.activeKeys > 0
          ? "Takes effect immediately. Personal keys are limited to the new role."
          : "Takes effect immediately."
      }
      submitLabel="Save role"
      change={() => changeMemberRoleAction(team, { id: member.id, roleId })}
      onDone={() => onDone(`Changed ${name}'s role`)}
      onClose={onClose}
    >
      {(fields) => (
        <>
          <RoleField roles={roles} value={roleId} onChange={setRoleId} error={fields.roleId} />
          {roleId !== member.role.id && <WhatRoleChanges key={roleId} team={team} member={member} roleId={roleId} />}
        </>
      )}
    </ChangeDialog>
  );
}
