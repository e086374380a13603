"use client";

import { Ellipsis } from "lucide-react";
import { useState } from "react";
import { BackLink } from "@/components/back-link";
import { PageHeader } from "@/components/page-header";
import { IconButton } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { counted } from "@/lib/roles/counted";
import type { PermissionGroups } from "@/lib/roles/permission-groups";
import type { RoleDto } from "@/lib/roles/queries";
import { visibleText } from "@/lib/text/visible-text";
import { type OpenRoleDialog, RoleDialog } from "../role-dialog";
import { type OpenRoleMenu, RoleMenu } from "../role-menu";
import { RoleForm } from "./role-form";

type ScreenProps = { team: string; role: RoleDto; roles: RoleDto[]; groups: PermissionGroups; own: string[] };

/** A role's page: its permissions and actions. */
export function RoleScreen({ team, role, roles, groups, own }: ScreenProps) {
  const [menu, setMenu] = useState<OpenRoleMenu | null>(null);
  const [open, setOpen] = useState<OpenRoleDialog | null>(null);
  return (
    <div className="grid gap-6">
      <BackLink href={`/${team}/settings/roles`}>Roles</BackLink>
      <PageHeader
        title={visibleText(role.name)}
        description={holders(role)}
        action={
          <IconButton
            label={`Actions for ${visibleText(role.name)}`}
            aria-haspopup="menu"
            onClick={(event) => setMenu({ role, button: event.currentTarget })}
          >
            <Ellipsis size={18} aria-hidden />
          </IconButton>
        }
      />
      {role.obstacle && <Notice>{visibleText(role.obstacle)}</Notice>}
      <RoleForm team={team} role={role} groups={groups} own={own} />
      <RoleMenu
        open={menu}
        onClose={() => setMenu(null)}
        onAction={(action, chosen) => setOpen({ action, role: chosen })}
      />
      <RoleDialog team={team} roles={roles} open={open} onClose={() => setOpen(null)} />
    </div>
  );
}

function holders({ members, invitations, isOwn }: RoleDto): string {
  const others = invitations > 0 ? ` and ${counted(invitations, "open invitation")}` : "";
  const who = members + invitations === 0 ? "Nobody has this role yet." : `${counted(members, "member")}${others}.`;
  return isOwn ? `${who} This is your own role.` : who;
}
