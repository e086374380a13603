import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { requireActor } from "@/lib/auth/current-actor";
import { permissionGroups } from "@/lib/roles/permission-groups";
import { listRoles } from "@/lib/roles/queries";
import { RoleScreen } from "./role-screen";

export const metadata: Metadata = { title: "Role" };

type Props = { params: Promise<{ team: string; id: string }> };

export default async function RolePage({ params }: Props) {
  const { team, id } = await params;
  const actor = await requireActor(team, `/${team}/settings/roles/${id}`, "team.manage_roles");
  const roles = await listRoles(actor);
  const role = roles.find((each) => each.id === id);
  if (!role) notFound();
  return (
    // Another role is a new form, so its checkboxes don't carry over.
    <RoleScreen
      key={role.id}
      team={team}
      role={role}
      roles={roles}
      groups={permissionGroups()}
      own={[...actor.permissions]}
    />
  );
}
