"use client";

import { Plus } from "lucide-react";
import { useState } from "react";
import { PageHeader } from "@/components/page-header";
import { Button } from "@/components/ui/button";
import type { PermissionGroups } from "@/lib/roles/permission-groups";
import type { RoleDto } from "@/lib/roles/queries";
import { type OpenRoleDialog, RoleDialog } from "./role-dialog";
import { RolesTable } from "./roles-table";

type ScreenProps = { team: string; roles: RoleDto[]; groups: PermissionGroups };

/** The Roles page. The open dialog is its only state. */
export function RolesScreen({ team, roles, groups }: ScreenProps) {
  const [open, setOpen] = useState<OpenRoleDialog | null>(null);
  return (
    <div className="grid gap-6">
      <PageHeader
        title="Roles"
        description="Control what each role can do in the console and the API. Changes apply immediately; nobody needs to sign in again."
        action={
          <Button variant="primary" onClick={() => setOpen({ action: "create", role: null })}>
            <Plus size={16} aria-hidden /> Create role
          </Button>
        }
      />
      <RolesTable team={team} roles={roles} groups={groups} onAction={(action, role) => setOpen({ action, role })} />
      <RoleDialog team={team} roles={roles} open={open} onClose={() => setOpen(null)} />
    </div>
  );
}
