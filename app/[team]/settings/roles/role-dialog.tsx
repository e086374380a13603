"use client";

import { useRouter } from "next/navigation";
import { useToast } from "@/components/ui/toast";
import type { RoleDto } from "@/lib/roles/queries";
import { CreateRoleDialog } from "./create-role-dialog";
import { DeleteRoleDialog } from "./delete-role-dialog";
import { ObstacleDialog } from "./obstacle-dialog";
import { RenameRoleDialog } from "./rename-role-dialog";
import type { RoleAction } from "./role-menu";

export type OpenRoleDialog = { action: "create"; role: null } | { action: RoleAction; role: RoleDto };

type RoleDialogProps = { team: string; roles: RoleDto[]; open: OpenRoleDialog | null; onClose: () => void };

/** The open dialog, for the list of roles and a role's page. */
export function RoleDialog({ team, roles, open, onClose }: RoleDialogProps) {
  const showToast = useToast();
  const router = useRouter();
  if (!open) return null;

  const goTo = (path: string, confirmation: string) => {
    onClose();
    showToast(confirmation);
    router.push(`/${team}/settings/roles${path}`);
    router.refresh();
  };
  const { action, role } = open;
  if (action === "create" || action === "duplicate") {
    return (
      <CreateRoleDialog
        team={team}
        roles={roles}
        source={role}
        onClose={onClose}
        onDone={(id, name) => goTo(`/${id}`, `Created ${name}. Now choose its permissions.`)}
      />
    );
  }
  if (role.obstacle) return <ObstacleDialog role={role} obstacle={role.obstacle} onClose={onClose} />;
  if (action === "delete") {
    return (
      <DeleteRoleDialog team={team} role={role} onClose={onClose} onDone={() => goTo("", `Deleted ${role.name}`)} />
    );
  }
  const finishRename = () => {
    onClose();
    showToast("Name saved");
    router.refresh();
  };
  return <RenameRoleDialog team={team} role={role} onClose={onClose} onDone={finishRename} />;
}
